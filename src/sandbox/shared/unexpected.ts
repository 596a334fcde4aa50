/** Says that the sandbox itself failed. Nothing a visitor can do comes here, so silence stays meaningful. */
export function reportUnexpected(where: string, error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the sandbox has no log of its own and must not swallow its own bugs
  console.error(`sandbox, ${where}:`, error)
}
