/** Characters that take two columns of a terminal (Unicode Standard Annex #11, East Asian Wide and Fullwidth). */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** Columns that a text of the basic plane takes in a terminal. */
export const columnsOf = (text: string): number => text.length + (text.match(wide)?.length ?? 0)

/** The text with spaces behind it, up to so many columns. */
export const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

/** As much of the text as has room in so many columns. */
export function cutTo(text: string, columns: number): string {
  let cut = ''
  for (const character of text) {
    if (columnsOf(cut + character) > columns) break
    cut += character
  }
  return cut
}
