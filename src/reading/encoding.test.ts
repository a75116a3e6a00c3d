import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { decodeText } from "./decode-text.ts";
import { guessEncoding } from "./encoding.ts";

/** Short tables as they are found, and an encoding that their programs write. */
const texts: readonly (readonly [language: string, encodings: readonly string[], text: string])[] = [
  [
    "French",
    ["windows-1252", "macintosh", "cp850"],
    "nom,ville,dépenses\nHélène Lefèvre,Besançon,réalisé à l'été\nJérôme Noël,Orléans,prévu\n",
  ],
  ["French, short", ["windows-1252"], "id,nom\n1,André\n"],
  [
    "French, a ligature",
    ["windows-1252", "iso-8859-15"],
    "id,nom,prix\n1,Sœur Thérèse,3\n2,Œuvres complètes,4\n",
  ],
  [
    "German",
    ["windows-1252", "macintosh", "cp850"],
    "Name;Straße;Größe\nMüller;Königsallee;1,80\nJäger;Hauptstraße;1,75\n",
  ],
  ["German, short", ["windows-1252"], "Name;Ort\nMeier;München\n"],
  ["German, in capitals", ["windows-1252", "cp850"], "ORT;LAND\nMÜNCHEN;BAYERN\nKÖLN;NRW\n"],
  [
    "Spanish",
    ["windows-1252"],
    "año,población,descripción\n2020,Málaga,Ningún niño\n2021,Cádiz,Información pública\n",
  ],
  ["Spanish, short", ["windows-1252"], "pais\nEspaña\n"],
  [
    "Portuguese",
    ["windows-1252"],
    "município,população\nSão Paulo,12 milhões\nBelém,Avaliação não concluída\n",
  ],
  ["Portuguese, short", ["windows-1252"], "nome\nJoão\n"],
  ["Italian", ["windows-1252"], "città,perché\nForlì,però\nCefalù,qualità\n"],
  ["Catalan", ["windows-1252"], "població,comarca\nLlobregat,Vallès Oriental\nMontsià,informació pública\n"],
  ["Dutch", ["windows-1252"], "naam,plaats\nIndustriële zone,België\nCoördinatie,Curaçao\n"],
  ["Swedish", ["windows-1252"], "län,kommun\nSkåne län,Malmö\nÖrebro län,Örebro\nVästra Götaland,Göteborg\n"],
  ["Norwegian", ["windows-1252"], "navn,by\nÅse,Ålesund\nBjørn,Tromsø\n"],
  ["Danish", ["windows-1252"], "kommune,år\nÆrø,2020\nKøbenhavn,2021\nÅrhus,2022\n"],
  ["Finnish", ["windows-1252"], "kunta,väestö\nJyväskylä,140000\nHämeenlinna,67000\n"],
  ["Icelandic", ["windows-1252"], "nafn,staður\nÞórður,Ísafjörður\nSigríður,Reykjavík\nGuðrún,Akureyri\n"],
  ["a price in euros", ["windows-1252"], "item;price\nTea;3 €\nCafé;4 €\n"],
  ["a price in euros, of the newer Latin page", ["iso-8859-15"], "pays;prix\nFrance;12 €\nIrlande;15 €\n"],
  ["prices in pounds", ["windows-1252"], "item,price\nTea,£3\nCake,£4\n"],
  ["numbers with spaces that do not break", ["windows-1252"], "n,amount\n1,1\u00a0200\n2,3\u00a0400\n"],
  ["tolerances and doses", ["windows-1252"], "v,dose\n1±0.1,5 µg\n2±0.2,10 µg\n"],
  ["rights", ["windows-1252"], "note\n© 2020 ACME\n© 2021 ACME\n"],
  ["a dot between numbers and names", ["windows-1252"], "account\n1001 · Cash\n1002 · Debts\n"],
  ["ordinals", ["windows-1252"], "street\nMAIPU 7º A\nSUR 6º B\nAv. 3ª C\n"],
  ["words of one letter", ["windows-1252"], "frase\nRoma è bella\nMilano è grande\n"],
  ["typographic quotes only", ["windows-1252"], "id,text\n1,it’s “good” – really\n2,don’t\n"],
  ["degrees and squares", ["windows-1252"], "id,temp,area\n1,20°C,30 m²\n2,21°C,31 m²\n"],
  [
    "names of many countries",
    ["windows-1252"],
    "name\nÅland Islands\nCôte d'Ivoire\nCuraçao\nRéunion\nSão Tomé\n",
  ],
  [
    "Polish",
    ["windows-1250", "iso-8859-2", "cp852"],
    "imię,miasto\nŁukasz,Łódź\nStanisław,Kraków\nMałgorzata,Częstochowa\nŻaneta,Gdańsk\n",
  ],
  ["Polish, short", ["windows-1250", "iso-8859-2"], "miasto\nGdańsk\nPoznań\n"],
  [
    "Czech",
    ["windows-1250", "iso-8859-2"],
    "jméno,město\nJiří,Plzeň\nTomáš,Kroměříž\nŠtěpánka,České Budějovice\n",
  ],
  [
    "Slovak",
    ["windows-1250", "iso-8859-2"],
    "meno,mesto\nĽudovít,Košice\nŽofia,Žilina\nDušan,Banská Štiavnica\n",
  ],
  [
    "Hungarian",
    ["windows-1250"],
    "név,város\nErzsébet,Győr\nLászló,Hódmezővásárhely\nÁrpád,Székesfehérvár\nSzűcs,Fertőd\n",
  ],
  ["Romanian", ["windows-1250"], "nume,oraş\nŞtefan,Bucureşti\nIonuţ,Brăila\nCătălina,Târgu Mureş\n"],
  [
    "Croatian",
    ["windows-1250", "iso-8859-2"],
    "ime,grad\nŽeljko,Šibenik\nDomagoj Čavlović,Varaždin\nĐurđa,Čakovec\n",
  ],
  [
    "Turkish",
    ["windows-1254"],
    "şehir,nüfus\nİstanbul,15 milyon\nDiyarbakır,Ağrı\nMuğla,Şırnak\nEskişehir,Çanakkale\n",
  ],
  ["Turkish, capitals", ["windows-1254"], "ad\nİtalya\nÇin\nİspanya\nİsviçre\nDoğu\n"],
  [
    "Lithuanian",
    ["windows-1257"],
    "miestas,apskritis\nŠiauliai,Panevėžys\nMažeikiai,Telšių apskritis\nUkmergė,Vilniaus apskritis\n",
  ],
  [
    "Latvian",
    ["windows-1257"],
    "pilsēta,novads\nRīga,Rīgas\nDaugavpils,Krāslavas\nJūrmala,Ķemeri\nLiepāja,Grobiņas\n",
  ],
  ["Estonian", ["windows-1257"], "linn,maakond\nPärnu,Pärnumaa\nVõru,Võrumaa\nKuressaare,Saaremaa\n"],
  [
    "Russian",
    ["windows-1251", "koi8-r", "iso-8859-5", "ibm866"],
    "имя,город\nИван,Москва\nОльга,Санкт-Петербург\nПётр,Новосибирск\n",
  ],
  ["Russian, short", ["windows-1251", "koi8-r", "ibm866"], "id,city\n1,Москва\n"],
  ["Russian, in capitals", ["windows-1251", "koi8-r"], "ГОРОД;ОБЛАСТЬ\nОМСК;ОМСКАЯ\nТУЛА;ТУЛЬСКАЯ\n"],
  ["Ukrainian", ["windows-1251", "koi8-u"], "ім'я,місто\nОлексій,Київ\nЮрій,Запоріжжя\nЄвгенія,Чернігів\n"],
  ["Bulgarian", ["windows-1251"], "име,град\nГеорги,София\nЙорданка,Пловдив\nДимитър,Търново\n"],
  ["Serbian", ["windows-1251"], "име,град\nЂорђе,Београд\nМиљана,Ниш\nЈелена,Нови Сад\n"],
  [
    "Greek",
    ["windows-1253", "iso-8859-7"],
    "όνομα,πόλη\nΓιώργος,Αθήνα\nΕλένη,Θεσσαλονίκη\nΚώστας,Ηράκλειο\n",
  ],
  ["Hebrew", ["windows-1255"], "שם,עיר\nדוד,ירושלים\nשרה,תל אביב\n"],
  ["Arabic", ["windows-1256"], "الاسم,المدينة\nمحمد,القاهرة\nفاطمة,الدار البيضاء\n"],
  ["Thai", ["windows-874"], "ชื่อ,จังหวัด\nสมชาย,กรุงเทพมหานคร\nสมหญิง,เชียงใหม่\n"],
  [
    "Japanese",
    ["shift_jis", "euc-jp"],
    "名前,都道府県\n山田太郎,東京都\n佐藤花子,大阪府\nスズキ,ほっかいどう\n",
  ],
  ["Japanese, of half width", ["shift_jis"], "ｺｰﾄﾞ,ﾒｲｼｮｳ,金額\n1,ｶﾌﾞｼｷｶﾞｲｼｬ,1000\n2,ﾔﾏﾀﾞ,2000\n"],
  ["Japanese, without kana", ["shift_jis", "euc-jp"], "番号,市区町村\n1,横浜市\n2,名古屋市\n3,札幌市\n"],
  ["Simplified Chinese", ["gb18030"], "姓名,城市\n王伟,北京市\n李娜,上海市\n张敏,广州市\n"],
  ["Traditional Chinese", ["big5"], "姓名,城市\n陳怡君,臺北市\n林志明,高雄市\n黃美玲,新竹縣\n"],
  ["Korean", ["euc-kr"], "이름,도시\n김민수,서울특별시\n이영희,부산광역시\n박지훈,대구\n"],
];

const cases = texts.flatMap(([language, encodings, text]) =>
  encodings.map((encoding) => ({ language, encoding, text })),
);

test.each(cases)("$language in $encoding is read as it was written", ({ encoding, text }) => {
  const bytes = iconv.encode(text, encoding);
  expect(decodeText(bytes, guessEncoding(bytes).encoding)).toBe(text);
});

test.each([
  ["lines that end in carriage returns", "a,b\r1,2\r3,4\r"],
  ["one letter in each cell, between tabs", "a\tb\n1\tЖ\n"],
  ["Cyrillic", "имя,город\nИван,Москва\n"],
])("UTF-16 and UTF-32 are found without a mark: %s", (_, text) => {
  const found = ["utf-16le", "utf-16be", "utf-32le", "utf-32be"].map(
    (encoding) => guessEncoding(iconv.encode(text, encoding, { addBOM: false })).encoding,
  );
  expect(found).toEqual(["utf-16le", "utf-16be", "utf-32le", "utf-32be"]);
});

test.each([
  ["a lone letter", "20,5\xc5\n", "windows-1252"],
  ["a degree sign", "20\xb0C\n", "windows-1252"],
  ["a byte that is no letter", "id,name\n1,a\xff\n", "utf-8"],
  ["UTF-8 with a broken byte", "\xc3\xa6\xc3\xb8\xc3\xa5,b\n2,\xff\n", "utf-8"],
])("%s is not taken for evidence of a rare encoding", (_, text, encoding) => {
  expect(guessEncoding(Buffer.from(text, "latin1")).encoding).toBe(encoding);
});
