/** The text value of a form field or query parameter; a repeated or missing one is the empty string. */
export function textOf(source: unknown, name: string): string {
  const value = source && typeof source === 'object' ? (source as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : ''
}
