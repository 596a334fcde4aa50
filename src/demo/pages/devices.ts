import type { OwnSession } from '../../sso/index.ts'

/** What a person would call one device: the sessions of one kind of browser on one system. */
export interface Device {
  readonly browser: string | undefined
  readonly system: string | undefined
  /** Whether the session that asks is one of them. */
  readonly isThis: boolean
  /** When one of them was used last, and when the last of them ends. */
  readonly lastSeen: Date
  readonly until: Date
  readonly sessions: readonly OwnSession[]
}

/**
 * Sessions by browser and system: this one's first, then what was used last. Those that nothing is known of stand each
 * for itself, for they may be anything.
 */
export function devicesOf(sessions: readonly OwnSession[]): Device[] {
  const alike = new Map<string, OwnSession[]>()
  for (const session of sessions) {
    const { browser, system, reference } = session
    const name = browser || system ? JSON.stringify([browser, system]) : reference
    alike.set(name, [...(alike.get(name) ?? []), session])
  }
  return [...alike.values()].map(toDevice).sort(byUse)
}

function toDevice(sessions: OwnSession[]): Device {
  const [first] = sessions
  const latest = (times: Date[]) => new Date(Math.max(...times.map(Number)))
  return {
    browser: first?.browser,
    system: first?.system,
    isThis: sessions.some(({ isThis }) => isThis),
    lastSeen: latest(sessions.map(({ lastSeen }) => lastSeen)),
    until: latest(sessions.map(({ until }) => until)),
    sessions,
  }
}

const byUse = (a: Device, b: Device) =>
  Number(b.isThis) - Number(a.isThis) || b.lastSeen.getTime() - a.lastSeen.getTime()
