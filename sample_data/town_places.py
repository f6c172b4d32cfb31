"""The town's own places: grounds, landmarks and quarters, all invented.

One line each: key | class | subclass | name | kana | English | x | y | width | depth.
Width and depth in metres are those of its building; 0 where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# grounds: key | class of land | x | y | width | depth | angle; cut off at the roads round them
SITES: Final = """
es_central | school | 1455 | 1335 | 150 | 112 | 8
jhs | school | 1905 | 2300 | 190 | 150 | 0
high | school | 1560 | 2640 | 215 | 150 | -18
es_motoura | school | 3715 | 1020 | 150 | 110 | 12
es_satoda | school | 3270 | 1935 | 150 | 130 | 4
es_matsugaoka | school | 1330 | 2130 | 150 | 120 | 3
kindergarten | kindergarten | 1135 | 1480 | 64 | 56 | 20
hospital | hospital | 2255 | 1850 | 150 | 120 | 12
city_hall | commercial | 2070 | 1370 | 120 | 120 | 2
central_park | park | 2245 | 1375 | 120 | 110 | 2
sports_park | park | 2060 | 2590 | 250 | 140 | 4
matsu_park | park | 1230 | 1870 | 90 | 80 | 8
kawa_park | park | 2640 | 1880 | 90 | 70 | 12
cemetery | cemetery | 3035 | 1270 | 0 | 0 | 0
depot | industrial | 2590 | 1560 | 120 | 150 | 12
factory | industrial | 3820 | 1740 | 190 | 130 | -14
station_front | commercial | 1800 | 1640 | 110 | 62 | 5
"""

PLACES: Final = """
station | railway | station | 潮見駅 | しおみえき | Shiomi Station | 1792 | 1672 | 64 | 14
city_hall | town_hall | town_hall | 潮見市役所 | しおみしやくしょ | Shiomi City Hall | 2070 | 1385 | 62 | 30
police | police | police | 潮見警察署 | しおみけいさつしょ | Shiomi Police Station | 2195 | 1500 | 36 | 24
koban | police | police | 潮見駅前交番 | しおみえきまえこうばん | Ekimae Police Box | 1748 | 1622 | 10 | 8
fire | fire_station | fire_station | 潮見消防署 | しおみしょうぼうしょ | Shiomi Fire Station | 2240 | 1610 | 40 | 26
fire_minato | fire_station | fire_station | 消防団湊分団 | しょうぼうだんみなとぶんだん | Minato Fire Brigade | 3080 | 945 | 14 | 10
library | library | library | 潮見市立図書館 | しおみしりつとしょかん | Shiomi City Library | 1880 | 1395 | 44 | 28
hall | culture | community_centre | 潮見市民会館 | しおみしみんかいかん | Shiomi Civic Hall | 1640 | 1390 | 56 | 40
gym | stadium | sports_centre | 潮見市総合体育館 | しおみしそうごうたいいくかん | Shiomi Sports Hall | 2010 | 2580 | 70 | 48
hospital | hospital | hospital | 潮見市民病院 | しおみしみんびょういん | Shiomi City Hospital | 2255 | 1852 | 86 | 44
clinic_eki | clinic | clinic | 駅前クリニック | えきまえくりにっく | Ekimae Clinic | 1850 | 1560 | 18 | 14
clinic_matsu | clinic | clinic | 松ヶ丘医院 | まつがおかいいん | Matsugaoka Clinic | 1420 | 1990 | 18 | 14
clinic_minato | clinic | clinic | 湊町診療所 | みなとまちしんりょうじょ | Minatomachi Clinic | 2990 | 1010 | 18 | 14
health | hospital | clinic | 潮見保健センター | しおみほけんせんたー | Shiomi Health Centre | 2010 | 1230 | 34 | 22
welfare | town_hall | social_facility | 社会福祉センター | しゃかいふくしせんたー | Social Welfare Centre | 1660 | 1240 | 36 | 24
es_central | school | school | 潮見中央小学校 | しおみちゅうおうしょうがっこう | Shiomi Chuo Elementary School | 1455 | 1358 | 96 | 16
gym_central | school | school | | | | 1500 | 1312 | 34 | 26
jhs | school | school | 潮見中学校 | しおみちゅうがっこう | Shiomi Junior High School | 1910 | 2345 | 110 | 17
gym_jhs | school | school | | | | 1972 | 2290 | 30 | 40
high | school | school | 潮見高等学校 | しおみこうとうがっこう | Shiomi High School | 1585 | 2675 | 120 | 17
gym_high | school | school | | | | 1500 | 2640 | 30 | 42
es_motoura | school | school | 元浦小学校 | もとうらしょうがっこう | Motoura Elementary School | 3720 | 1040 | 84 | 15
es_satoda | school | school | 里田小学校 | さとだしょうがっこう | Satoda Elementary School | 3272 | 1962 | 84 | 15
es_matsugaoka | school | school | 松ヶ丘小学校 | まつがおかしょうがっこう | Matsugaoka Elementary School | 1335 | 2160 | 96 | 16
kindergarten | school | kindergarten | 松原こども園 | まつばらこどもえん | Matsubara Nursery School | 1135 | 1482 | 32 | 18
minato_hall | culture | community_centre | 湊町公民館 | みなとまちこうみんかん | Minatomachi Community Hall | 2760 | 1065 | 24 | 18
kita_hall | culture | community_centre | 北町公民館 | きたまちこうみんかん | Kitamachi Community Hall | 1960 | 1960 | 24 | 18
kawa_hall | culture | community_centre | 川向集会所 | かわむかいしゅうかいじょ | Kawamukai Meeting House | 2690 | 1720 | 18 | 12
satoda_hall | culture | community_centre | 里田公民館 | さとだこうみんかん | Satoda Community Hall | 3480 | 1960 | 22 | 16
unosaki_hall | culture | community_centre | 鵜ノ崎集会所 | うのさきしゅうかいじょ | Unosaki Meeting House | -330 | 860 | 18 | 12
benten_hall | culture | community_centre | 弁天公民館 | べんてんこうみんかん | Benten Community Hall | 3970 | 840 | 20 | 15
yanagi_hall | culture | community_centre | 柳沢集会所 | やなぎさわしゅうかいじょ | Yanagisawa Meeting House | 1760 | 2600 | 18 | 12
matsu_hall | culture | community_centre | 松原公民館 | まつばらこうみんかん | Matsubara Community Hall | 1080 | 1230 | 24 | 18
temple | place_of_worship | buddhist | 潮音寺 | ちょうおんじ | Choon-ji Temple | 3195 | 1352 | 30 | 22
temple_hama | place_of_worship | buddhist | 浄海寺 | じょうかいじ | Jokai-ji Temple | 1250 | 1200 | 24 | 18
temple_kawa | place_of_worship | buddhist | 龍泉院 | りゅうせんいん | Ryusen-in Temple | 2700 | 1950 | 22 | 16
temple_sato | place_of_worship | buddhist | 円福寺 | えんぷくじ | Empuku-ji Temple | 3730 | 1925 | 22 | 16
shrine | place_of_worship | shinto | 潮見八幡神社 | しおみはちまんじんじゃ | Shiomi Hachiman Shrine | 2950 | 1572 | 16 | 12
shrine_ben | place_of_worship | shinto | 弁天社 | べんてんしゃ | Benten Shrine | 3712 | 300 | 8 | 8
shrine_inari | place_of_worship | shinto | 浜稲荷神社 | はまいなりじんじゃ | Hama Inari Shrine | 1640 | 1195 | 10 | 8
shrine_suwa | place_of_worship | shinto | 諏訪神社 | すわじんじゃ | Suwa Shrine | 760 | 2060 | 14 | 12
shrine_kotohira | place_of_worship | shinto | 金刀比羅神社 | ことひらじんじゃ | Kotohira Shrine | 3150 | 1100 | 12 | 10
castle | castle | castle | 潮見城跡 | しおみじょうあと | Shiomi Castle Ruins | 150 | 1385 | 0 | 0
harbour | harbor | harbour | 潮見漁港 | しおみぎょこう | Shiomi Fishing Harbour | 3060 | 570 | 0 | 0
fishcoop | shop | marketplace | 潮見漁協市場 | しおみぎょきょういちば | Fishery Co-op Market | 2850 | 790 | 70 | 24
icehouse | industrial | industrial | 製氷所 | せいひょうじょ | Ice Plant | 3060 | 800 | 30 | 22
lighthouse | lighthouse | lighthouse | 鵜ノ崎灯台 | うのさきとうだい | Unosaki Lighthouse | 372 | 98 | 8 | 8
central_park | park | park | 潮見中央公園 | しおみちゅうおうこうえん | Shiomi Central Park | 2245 | 1375 | 0 | 0
sports_park | park | park | 潮見運動公園 | しおみうんどうこうえん | Shiomi Sports Park | 2110 | 2600 | 0 | 0
beach_park | park | park | 海浜公園 | かいひんこうえん | Seaside Park | 1715 | 1133 | 0 | 0
matsu_park | park | park | 松ヶ丘公園 | まつがおかこうえん | Matsugaoka Park | 1230 | 1872 | 0 | 0
kawa_park | park | park | 川向公園 | かわむかいこうえん | Kawamukai Park | 2640 | 1882 | 0 | 0
super_eki | shop | supermarket | スーパーしおみ 駅前店 | すーぱーしおみえきまえてん | Super Shiomi, Ekimae | 1690 | 1560 | 44 | 34
super_kita | shop | supermarket | スーパーしおみ 北店 | すーぱーしおみきたてん | Super Shiomi, Kita | 2030 | 1945 | 50 | 38
home_centre | shop | doityourself | ホームセンター浜木 | ほーむせんたーはまき | Hamaki Home Centre | 4290 | 1190 | 70 | 44
conv_eki | shop | convenience | マルナギ 潮見駅前店 | まるなぎしおみえきまえてん | Marunagi Shiomi Ekimae | 1830 | 1605 | 14 | 12
conv_hama | shop | convenience | マルナギ 西浜店 | まるなぎにしはまてん | Marunagi Nishihama | 1420 | 1165 | 14 | 12
conv_kita | shop | convenience | マルナギ 北町店 | まるなぎきたまちてん | Marunagi Kitamachi | 1560 | 1860 | 14 | 12
conv_ben | shop | convenience | マルナギ 弁天店 | まるなぎべんてんてん | Marunagi Benten | 4060 | 770 | 14 | 12
conv_minato | shop | convenience | コトリマート 湊町店 | ことりまーとみなとまちてん | Kotori Mart Minatomachi | 2620 | 1070 | 14 | 12
conv_61 | shop | convenience | コトリマート 川向店 | ことりまーとかわむかいてん | Kotori Mart Kawamukai | 2560 | 2000 | 14 | 12
conv_matsu | shop | convenience | コトリマート 松ヶ丘店 | ことりまーとまつがおかてん | Kotori Mart Matsugaoka | 1040 | 1790 | 14 | 12
drug | shop | chemist | みなと薬局 | みなとやっきょく | Minato Pharmacy | 1760 | 1370 | 16 | 12
gas_88 | fuel | fuel | 西浜給油所 | にしはまきゅうゆじょ | Nishihama Service Station | 1240 | 1130 | 22 | 18
gas_61 | fuel | fuel | 北町給油所 | きたまちきゅうゆじょ | Kitamachi Service Station | 2175 | 2080 | 22 | 18
gas_ben | fuel | fuel | 弁天給油所 | べんてんきゅうゆじょ | Benten Service Station | 3930 | 740 | 22 | 18
sento | bath | public_bath | 松の湯 | まつのゆ | Matsu-no-yu Bath | 1820 | 1290 | 20 | 16
sento_minato | bath | public_bath | 湊湯 | みなとゆ | Minato-yu Bath | 2960 | 1060 | 18 | 14
onsen | bath | public_bath | 潮見温泉 渚の湯 | しおみおんせんなぎさのゆ | Nagisa-no-yu Hot Spring | 1990 | 1150 | 40 | 26
laundry_eki | laundry | laundry | コインランドリー泡の輪 | こいんらんどりーあわのわ | Awanowa Coin Laundry | 1600 | 1480 | 12 | 10
laundry_kita | laundry | laundry | コインランドリー北町 | こいんらんどりーきたまち | Kitamachi Coin Laundry | 1700 | 1880 | 12 | 10
post | post | post_office | 潮見郵便局 | しおみゆうびんきょく | Shiomi Post Office | 1880 | 1460 | 26 | 20
bank | bank | bank | 潮見信用金庫 本店 | しおみしんようきんこほんてん | Shiomi Shinkin Bank | 1730 | 1480 | 24 | 18
hotel | lodging | hotel | 潮見シーサイドホテル | しおみしーさいどほてる | Shiomi Seaside Hotel | 2090 | 1185 | 44 | 20
care | hospital | nursing_home | 特養 松風園 | とくようしょうふうえん | Shofuen Care Home | 960 | 1900 | 50 | 24
day_care | hospital | social_facility | デイサービス凪 | でいさーびすなぎ | Nagi Day Service | 2560 | 1340 | 24 | 16
vet | veterinary | veterinary | しおみ動物病院 | しおみどうぶつびょういん | Shiomi Animal Hospital | 1500 | 1790 | 16 | 12
roadside | shop | marketplace | 道の駅 潮見 | みちのえきしおみ | Shiomi Roadside Station | 4230 | 745 | 56 | 26
waterworks | industrial | water_works | 柳沢浄水場 | やなぎさわじょうすいじょう | Yanagisawa Waterworks | 1290 | 2590 | 40 | 24
depot | industrial | works | 川向資材置場 | かわむかいしざいおきば | Kawamukai Depot | 2600 | 1555 | 30 | 60
factory | industrial | works | 里田食品工場 | さとだしょくひんこうじょう | Satoda Food Factory | 3820 | 1745 | 110 | 60
bus | bus | bus_station | 潮見駅バスのりば | しおみえきばすのりば | Station Bus Stop | 1812 | 1638 | 0 | 0
"""

# key | class | rank | name | kana | English | x | y
QUARTERS: Final = """
city | city | 6 | 潮見市 | しおみし | Shiomi | 1960 | 1490
ekimae | suburb | 11 | 駅前町 | えきまえちょう | Ekimae-cho | 1650 | 1580
chuo | suburb | 11 | 中央 | ちゅうおう | Chuo | 2050 | 1480
nishihama | suburb | 11 | 西浜 | にしはま | Nishihama | 1480 | 1225
higashihama | suburb | 12 | 東浜 | ひがしはま | Higashihama | 2130 | 1225
matsubara | suburb | 11 | 松原町 | まつばらちょう | Matsubara-cho | 1070 | 1390
kitamachi | suburb | 11 | 北町 | きたまち | Kitamachi | 1660 | 1770
wakaba | suburb | 12 | 若葉台 | わかばだい | Wakabadai | 1580 | 2080
matsugaoka | suburb | 11 | 松ヶ丘 | まつがおか | Matsugaoka | 1160 | 2010
gakuen | suburb | 12 | 学園町 | がくえんちょう | Gakuen-cho | 2020 | 2180
yanagisawa | suburb | 12 | 柳沢 | やなぎさわ | Yanagisawa | 1560 | 2530
kawamukai | suburb | 11 | 川向 | かわむかい | Kawamukai | 2680 | 1640
minatomachi | suburb | 11 | 湊町 | みなとまち | Minatomachi | 2700 | 1110
motoura | suburb | 11 | 元浦 | もとうら | Motoura | 3270 | 905
shioiri | neighbourhood | 13 | 汐入 | しおいり | Shioiri | 2400 | 1210
hata | neighbourhood | 13 | 畑ヶ谷 | はたがや | Hatagaya | 800 | 1930
terashita | neighbourhood | 13 | 寺下 | てらした | Terashita | 3140 | 1060
satoda | suburb | 12 | 里田 | さとだ | Satoda | 3200 | 2100
shinden | neighbourhood | 13 | 里田新田 | さとだしんでん | Satoda-shinden | 3700 | 2750
uehara | neighbourhood | 13 | 上原 | うえはら | Uehara | 4060 | 1380
benten | suburb | 12 | 弁天 | べんてん | Benten | 3840 | 820
unosaki | suburb | 12 | 鵜ノ崎 | うのさき | Unosaki | -520 | 790
ohama | neighbourhood | 13 | 大浜 | おおはま | Ohama | 4420 | 690
okuzawa | hamlet | 14 | 奥沢 | おくざわ | Okuzawa | 690 | 2880
"""

# kind | name | kana | English | x | y | height in m
PEAKS: Final = """
1 | 城山 | しろやま | Mt. Shiroyama | 150 | 1400 | 112
1 | 観音山 | かんのんやま | Mt. Kannon | 3400 | 1450 | 86
1 | 烏帽子岳 | えぼしだけ | Mt. Eboshi | -240 | 3840 | 368
2 | 弁天山 | べんてんやま | Mt. Benten | 3690 | 480 | 41
2 | 大平山 | おおひらやま | Mt. Ohira | 5600 | 3600 | 291
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A landmark by its key."""

    key: str
    kind: str
    sub: str
    name: str
    kana: str
    english: str
    x: float
    y: float
    width: float
    depth: float


def rows(table: str) -> list[list[str]]:
    """Cells of a table written with bars."""
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


def places() -> dict[str, Place]:
    """Every landmark."""
    return {
        r[0]: Place(r[0], r[1], r[2], r[3], r[4], r[5], *(float(v) for v in r[6:10]))
        for r in rows(PLACES)
    }
