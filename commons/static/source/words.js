// Words that scripts say, in the reader's language: the page's <meta name="words">, else English as written here.
const known = JSON.parse(document.querySelector('meta[name="words"]')?.content ?? "{}");

export const words = (sentence, value) => (known[sentence] ?? sentence).replace("%s", value ?? "");
