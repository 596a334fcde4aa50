import { parseEnv } from '../../settings/env-file/parse-env.ts'

/**
 * An assignment as dotenv reads it: up to its `=`, the value, which may have several lines, and what follows it. Blanks
 * behind a value without quotes are counted to it, and those before a name end with its line, which `^` takes to begin
 * after a CR as well: to look for them here, or further, takes the square of the time.
 */
const ASSIGNMENT =
  /^([^\S\n\r\u2028\u2029]*(?:export\s+)?([\w.-]+)(?:[^\S\n]*=|:(?=\s)))[^\S\n]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]*)([^\S\n]*(?:#.*)?)$/gm

/**
 * The text of a file of settings with other values: each in the last assignment of its name, which is the one that
 * counts, and new ones at the end. Everything else stays as it is written.
 *
 * @param before the text
 * @param values by name
 * @returns the text; where a value cannot be written in it, it reads otherwise
 */
export function withValues(before: string, values: Readonly<Record<string, string>>): string {
  const current = parseEnv(before)
  const newline = before.includes('\r\n') ? '\r\n' : '\n'
  let text = before
  for (const [name, value] of Object.entries(values)) {
    if (current[name] === value) continue
    const found = [...text.matchAll(ASSIGNMENT)].findLast(([, , given]) => given === name)
    if (found) {
      const [whole, start = '', , old = '', after = ''] = found
      const end = old.slice(old.trimEnd().length) + after
      const line = `${start.replace(/:$/, '=')}${quoted(value)}${end.replace(/^#/, ' #')}`
      text = text.slice(0, found.index) + line + text.slice(found.index + whole.length)
    } else {
      const gap = text === '' || text.endsWith('\n') ? '' : newline
      text += `${gap}${name}=${quoted(value)}${newline}`
    }
  }
  return text
}

/** Plain where it can be; else in the first kind of quotes that the value has none of. */
function quoted(value: string): string {
  if (/^[\w.:/@%+=,~-]*$/.test(value)) return value
  const quote = ["'", '`', '"'].find((mark) => !value.includes(mark)) ?? "'"
  return `${quote}${value}${quote}`
}
