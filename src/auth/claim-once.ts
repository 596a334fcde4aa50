/** How many names are remembered at most. */
const maximumRemembered = 50_000

/**
 * Remembers names for a while, so that each can be claimed once in this process. It catches two callbacks of one
 * attempt that arrive together, before the first could mark the attempt as used in the browser.
 *
 * @param lifetime how long a name is remembered, in milliseconds
 * @returns a function that is true the first time it is given a name
 */
export function claimOnce(lifetime: number): (name: string) => boolean {
  const claimed = new Map<string, number>()
  return (name) => {
    const now = Date.now()
    // A Map keeps the order of insertion, and every name lives equally long: the oldest come first.
    for (const [oldest, until] of claimed) {
      if (until > now && claimed.size < maximumRemembered) break
      claimed.delete(oldest)
    }
    if (claimed.has(name)) return false
    claimed.set(name, now + lifetime)
    return true
  }
}
