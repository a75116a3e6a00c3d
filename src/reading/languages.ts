/** A language as it shows in text files: what tells the encoding of a text from its letters. */
export interface Language {
  readonly name: string;
  /** Encodings of one byte a letter that its files are written in, the likeliest first. */
  readonly encodings: readonly string[];
  /** Its letters beyond ASCII, lower case, the most frequent first. */
  readonly letters: string;
  /** Letters that stand only in such places; elsewhere they speak against the language. */
  readonly habit?: { readonly letters: string; readonly places: RegExp };
}

const western = ["windows-1252", "iso-8859-15", "macintosh", "cp850"];
const central = ["windows-1250", "iso-8859-2", "cp852"];
const turkish = ["windows-1254"];
const baltic = ["windows-1257", "iso-8859-13"];
const cyrillic = ["windows-1251", "koi8-r", "iso-8859-5", "ibm866", "x-mac-cyrillic"];
const greek = ["windows-1253", "iso-8859-7"];
const ukrainian = ["windows-1251", "koi8-u", "iso-8859-5"];

/** The languages that are told apart. Frequencies of letters are those of names and short texts. */
export const languages: readonly Language[] = [
  {
    name: "French",
    encodings: western,
    letters: "éèàêçôîûâëùïœüÿæ",
    habit: { letters: "è", places: /(?<=\p{L})è(?=\p{L})/gu },
  },
  { name: "German", encodings: western, letters: "üäöß" },
  {
    name: "Spanish",
    encodings: western,
    letters: "óíáéñúüª",
    habit: { letters: "ñ", places: /ñ(?=[aeiouáéíóú])/gu },
  },
  {
    name: "Portuguese",
    encodings: western,
    letters: "ãçáéóíêõâàúôü",
    habit: { letters: "ãõ", places: /ã(?=[oes]|\P{L}|$)|õ(?=e)/gu },
  },
  {
    name: "Italian",
    encodings: western,
    letters: "àèòùìé",
    habit: { letters: "àèòùìé", places: /[àèòùìé](?=\P{L}|$)/gu },
  },
  { name: "Swedish", encodings: western, letters: "äåöé" },
  { name: "Danish or Norwegian", encodings: western, letters: "øåæéöäü" },
  { name: "Finnish", encodings: western, letters: "äöå" },
  {
    name: "Dutch",
    encodings: western,
    letters: "ëéïöüèê",
    habit: { letters: "ëè", places: /(?<=\p{L})[ëè]/gu },
  },
  { name: "Icelandic", encodings: western, letters: "áðíéóþöúæý" },
  {
    name: "Catalan",
    encodings: western,
    letters: "óàèéíçòúïü·",
    habit: { letters: "è", places: /è(?=[nrsl])/gu },
  },
  { name: "Polish", encodings: central, letters: "łóąężśćńź" },
  { name: "Czech", encodings: central, letters: "íáéěřýžčšůúóťňď" },
  { name: "Slovak", encodings: central, letters: "áíéčžýľšúťôňóäďĺŕ" },
  { name: "Hungarian", encodings: central, letters: "áéöóőüíúű" },
  { name: "Romanian", encodings: central, letters: "ăîâşţ" },
  { name: "Croatian or Slovene", encodings: central, letters: "čšžćđ" },
  { name: "Turkish", encodings: turkish, letters: "ıişüğöçâîû" },
  { name: "Lithuanian", encodings: baltic, letters: "ėšžįųčūąę" },
  { name: "Latvian", encodings: baltic, letters: "āīēšļņžūģķč" },
  { name: "Estonian", encodings: ["windows-1257", "iso-8859-13", "windows-1252"], letters: "äõüöšž" },
  {
    name: "Vietnamese",
    encodings: ["windows-1258"],
    letters: "\u0301\u0300ôêâđ\u0323ơưă\u0309\u0303áàéíúóèù",
  },
  {
    name: "Russian",
    encodings: cyrillic,
    letters: "оаеинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ",
  },
  { name: "Ukrainian", encodings: ukrainian, letters: "оаниівтерскмлдупзьябгйїчхжцєшюфщґ" },
  { name: "Bulgarian", encodings: cyrillic, letters: "аоеинтрсвлдкмпузябъгчщйжшхцюфь" },
  { name: "Serbian", encodings: ["windows-1251", "iso-8859-5"], letters: "аоиенртсвјкулдпмзгбшчцћжљђњхфџ" },
  {
    name: "Greek",
    encodings: greek,
    letters: "αοιετσνρκηλυπμςόίάωγδήέχθύβφώξζψϊϋΐΰ",
    habit: { letters: "σς", places: /ς(?=\P{L}|$)|σ(?=\p{L})/gu },
  },
  { name: "Hebrew", encodings: ["windows-1255", "iso-8859-8"], letters: "יוהלארמבתשנדכעםחפקגטסןצזףךץ" },
  {
    name: "Arabic or Persian",
    encodings: ["windows-1256", "iso-8859-6"],
    letters: "اليمنرودبتعسةهفحقكجأشصطخزضىغإذثءئظؤآپچژگکی",
  },
  {
    name: "Thai",
    encodings: ["windows-874"],
    letters: "านรอกเงมยลวดทสตะปบคหแจพชขใไโผถภซธศฎฐณญษฉฝฟฬฮฤๆฯิีึืุู่้๊๋็์ัำ",
    habit: {
      letters: "\\u0e31-\\u0e3a\\u0e47-\\u0e4e",
      places: /(?<=[\u0e01-\u0e2e\u0e31-\u0e3a\u0e48-\u0e4b])[\u0e31-\u0e3a\u0e47-\u0e4e]/gu,
    },
  },
];

/** A language whose letters take two bytes. */
export interface ManyLetters {
  readonly name: string;
  readonly encodings: readonly string[];
  /** Its most frequent characters. */
  readonly letters: string;
  /** Scripts of its other characters, and how much each speaks for it. */
  readonly scripts: readonly (readonly [script: RegExp, weight: number])[];
}

const han = /\p{Script=Han}/u;
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
/** Katakana of one byte. */
export const halfWidth = /[\uff61-\uff9f]/;

export const manyLetters: readonly ManyLetters[] = [
  {
    name: "Chinese (simplified)",
    scripts: [[han, 0.4]],
    encodings: ["gb18030"],
    letters:
      "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运州镇县乡村省城号价格姓编序备注单总计额销售客户址邮箱李刘陈杨黄赵周吴徐孙朱胡林郭深圳京津沪渝杭汉武湖江苏浙福建川四重庆",
  },
  {
    name: "Chinese (traditional)",
    scripts: [[han, 0.4]],
    encodings: ["big5"],
    letters:
      "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直資命山金指統區保至隊形社便空決治展馬科司五基書非則聽白界達光放強難且權思王設式色路記南品住告類求據程北邊張該交規萬取望術領共確傳師觀清今切院讓識帶導爭運州鎮縣鄉村省城號價格姓編備註單總計額銷售客戶址郵箱陳林黃李吳劉蔡楊許鄭臺台灣灣北高雄桃園新竹苗栗彰化南投雲嘉義屏宜蘭花蓮澎湖基隆香港九龍",
  },
  {
    name: "Japanese",
    scripts: [
      [halfWidth, 0.5],
      [kana, 0.95],
      [han, 0.4],
    ],
    encodings: ["shift_jis", "euc-jp"],
    letters:
      "日本人年大国東京都市区県町村名前住所電話番号郵便合計金額株式会社山田中高橋佐藤鈴木伊渡辺小林加吉松井上村北海道青森岩手宮城秋形福島茨栃群馬埼玉千葉神奈川新潟富石梨長野岐阜静岡愛知三重滋賀府阪兵庫良和歌鳥取根広口徳香媛分崎熊鹿児沖縄月火水土曜時間数量単価商品売店客様部課員者性別男女生学校年度事業務用品目一二三四五六七八九十百万円出入内外地方公共団体役場施設交通車道路線駅利用報告結果調査対象項説明備考",
  },
  {
    name: "Korean",
    scripts: [
      [/\p{Script=Hangul}/u, 0.7],
      [han, 0],
    ],
    encodings: ["euc-kr"],
    letters:
      "이다는의에가을고한지를로은사도서시기하인나대자어리정수일과구부전아해제동장원상등스주보그여년만국연성화개경조관비유소안신용실차선면위간문중무세교민방명진합계번호김박최강울산특별광역남북읍통공행단학생도로건물품금액매출력직회체육청발포천양영호미모마노라바타파하거업현황내외총계월일순분류체코드름주소전화우편",
  },
];
