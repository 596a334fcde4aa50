/**
 * Puts a text between the two markers of its name in another text, in place of what was there.
 *
 * @param text such as a README
 * @param name of the part, such as `bench`: it stands between `<!-- bench: start -->` and `<!-- bench: end -->`
 * @throws Error when the markers are not there, once each and in order
 */
export function replacePart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name}: start -->`, `<!-- ${name}: end -->`]
  const [before, between, ...more] = text.split(start)
  const [, after, ...evenMore] = between?.split(end) ?? []
  if (before === undefined || after === undefined || more.length > 0 || evenMore.length > 0) {
    throw new Error(`there must be one ${start} and, after it, one ${end}`)
  }
  return `${before}${start}\n${part}\n${end}${after}`
}
