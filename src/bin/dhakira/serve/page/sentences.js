// Sentences of the server: its own in English; in Arabic, what its code means, so that no English sentence stands in an Arabic page.

/// What a code means.
const codes = {
  "binary": "الملف ليس ملفًا نصيًّا.",
  "changed": "غيّر شخص آخر هذه الوحدة في الأثناء. راجعها من جديد.",
  "date": "التاريخ سنة أو شهر أو يوم، مثل 2024 أو 2024-03 أو 2024-03-31.",
  "empty": "الملف فارغ.",
  "encoding": "ترميز الملف غير معروف. احفظه بترميز UTF-8.",
  "format": "لا يوافق هذا الصيغة المتوقعة.",
  "host": "لا يُعرف هذا الخادم بهذا الاسم.",
  "id": "لا توجد وحدة بهذا المعرّف.",
  "if-match": "لم تُذكر النسخة المقصودة من الوحدة.",
  "internal": "السبب مسجّل لدى الخادم.",
  "io": "السبب مسجّل لدى الخادم.",
  "language": "هذه الذاكرة بين العربية والإنجليزية فقط.",
  "locked": "يكتب برنامج آخر في الذاكرة الآن.",
  "method": "لا يقبل الخادم هذه الطريقة.",
  "not-done": "لم يكتمل الملف بعد.",
  "not-found": "غير موجود.",
  "origin": "لا يجيب الخادم صفحات المواقع الأخرى.",
  "pattern-empty": "لا يبقى من العبارة شيء للبحث عنه. ابحث عنها كما هي مكتوبة تمامًا.",
  "pattern-regex": "التعبير النمطي غير صحيح.",
  "pattern-stem": "البحث بالجذع لا يصلح إلا للعبارات والكلمات.",
  "rate": "طلبات كثيرة في ثانية واحدة.",
  "read-only": "هذا الخادم للقراءة فقط.",
  "scope": "رمز الوصول هذا للقراءة فقط.",
  "stopped": "أُوقف قبل نهايته ولم يُكتب شيء.",
  "token": "يلزم رمز وصول.",
  "too-large": "هذا أكبر مما يقبله الخادم.",
  "unknown-kind": "نوع الملف غير معروف.",
  "unpaired": "أحد الجانبين مفقود.",
};

/// What units could not be read for, more exactly than their code tells; the sentence keeps what the pattern caught.
const reasons = [
  [/without xml:lang/, "نص بلا لغة (xml:lang)"],
  [/not well-formed XML/, "‏XML غير سليم"],
  [/stops before/, "الملف مبتور قبل نهايته"],
  [/without a <seg>/, "لغة بلا نص (\u2066<seg>\u2069)"],
  [/without any <tuv>/, "وحدة بلا نصوص"],
  [/(<\S+>) has no place in (<\S+>)/, "عنصر في غير موضعه:"],
  [/a bare &/, "علامة \u2066&\u2069 تُكتب \u2066&amp;\u2069"],
  [/(&#\w+;) is a character that XML forbids/, "فيه محرف لا يقبله XML:"],
  [/character (U\+[0-9A-F]+), which XML forbids/, "فيه محرف لا يقبله XML:"],
  [/one side is missing|no text in any language|a side without text/, "أحد الجانبين بلا نص"],
  [/(\d+) columns where the header has (\d+)/, "عدد الأعمدة لا يوافق سطر العناوين:"],
  [/quotation mark/, "علامة اقتباس بلا نهاية"],
  [/not a JSON object/, "السطر ليس كائن JSON"],
  [/which side is Arabic can not be told/, "لا يُعرف أي الجانبين عربي"],
  [/no UTF-8|no text in/, "بايتات ليست نصًّا بهذا الترميز"],
];

/// A sentence of the server in Arabic.
export function inArabic(code, sentence) {
  for (const [pattern, words] of reasons) {
    const caught = pattern.exec(sentence);
    if (caught) return [words, ...caught.slice(1).map((part) => `\u2066${part}\u2069`)].join(" ");
  }
  return codes[code] ?? "";
}
