/**
 * The picture of a person that a page may show: one on https that Logto keeps itself. Any other address is somebody
 * else's, who would learn of every visit; and the content security policy would have to let everybody in.
 *
 * @param picture the claim
 * @param logto Logto's address
 */
export function pictureUrl(picture: unknown, logto: string): URL | undefined {
  if (typeof picture !== 'string' || !URL.canParse(picture)) return undefined
  const url = new URL(picture)
  return url.protocol === 'https:' && url.origin === new URL(logto).origin ? url : undefined
}

/** What stands in a picture's place: the first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter(Boolean)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase('en')
}
