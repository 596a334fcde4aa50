/**
 * What a terminal obeys, or a reader does not see: control characters, line and paragraph separators, marks that turn
 * the direction of text, and what has no width. Joiners and variation selectors stay where they follow a letter of
 * another script than ASCII: some scripts and emoji cannot be written without them.
 */
const invisible = /(?!(?<=[^\0-\x7f])(?:\u200c|\u200d|\p{VS}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/gu

/** Nearly every text, and each log line has several. */
const plain = /^[\x20-\x7e]*$/

/** A text as it may be printed in one line: whatever would be obeyed in it is shown, as JSON writes it. */
export function visible(text: string): string {
  if (plain.test(text)) return text
  return text.replace(invisible, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  )
}

/** The same for a text of several lines, whose ends stay. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')

/** The same for every string in a value, as it comes from JSON. What is nested deeper than anything of use is left out. */
export function visibleIn<T>(value: T, depth = 20): T {
  const inside = (part: unknown) => (depth > 0 ? visibleIn(part, depth - 1) : undefined)
  if (typeof value === 'string') return visible(value) as T
  if (Array.isArray(value)) return value.map(inside) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [visible(name), inside(part)])) as T
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`
