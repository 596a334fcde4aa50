/** What an issuer says of itself. Both raise what kept it from being read. */
export interface Discovery<Metadata> {
  /** Asked for once in five minutes. */
  metadata: () => Promise<Metadata>
  /** Asks now. What was known is believed until there is an answer. */
  reload: () => Promise<Metadata>
}

/** How long one answer is believed, in milliseconds. */
const lifetime = 5 * 60_000

/**
 * Asks an issuer at most once at a time. Everybody who asks while a call is under way shares its outcome, so that no one
 * waits for more than one time limit; a failure is not kept.
 *
 * @param ask reads what the issuer says now
 */
export function remembered<Metadata>(ask: () => Promise<Metadata>): Discovery<Metadata> {
  let known: { metadata: Metadata; until: number } | undefined
  let call: Promise<Metadata> | undefined

  async function anew(): Promise<Metadata> {
    const until = Date.now() + lifetime
    const metadata = await ask()
    known = { metadata, until }
    return metadata
  }

  function reload(): Promise<Metadata> {
    call ??= anew().finally(() => {
      call = undefined
    })
    return call
  }

  return { metadata: async () => (known && Date.now() < known.until ? known.metadata : reload()), reload }
}
