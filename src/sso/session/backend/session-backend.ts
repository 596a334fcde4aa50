import type { CompanyName, SessionName } from '../session-data.ts'

/** A session as it is kept. */
export interface Row {
  id: string
  text: string
}

/** How the names of a row change with it. */
export interface NewNames {
  added: readonly SessionName[]
  dropped: readonly SessionName[]
  /** When the row is gone by; undefined for one that only idling ends. */
  endsAt: number | undefined
  /** As in `NewRow`; 0 unless told otherwise. */
  provedAt?: number | undefined
}

/** What is known when a row is made. Times are milliseconds since 1970. */
export interface NewRow extends Row {
  names: readonly SessionName[]
  /** The row is gone by then, used or not; undefined for one that only idling ends. */
  endsAt: number | undefined
  /** When the sign-in began that makes this row. */
  since: number
  /**
   * Since when the person has surely proved anew who they are: a company's word of before is done with. The same as
   * `since` unless told otherwise.
   */
  provedAt?: number | undefined
}

/** What a company's word ends: what goes by a name and began by then. */
export interface Ending {
  name: CompanyName
  /** Milliseconds since 1970. */
  begunBy: number
}

/**
 * A place where sessions live: text by ID, an index from names to IDs that lives and dies with them, and the three
 * things that need the same place: what is used once, words that are left for others, and leases. Every method raises
 * whatever keeps the place from answering, and answers or raises within a second.
 */
export interface SessionBackend {
  /** @returns the row's text, whose idle limit begins anew; undefined where there is no row */
  read: (id: string) => Promise<string | undefined>
  /**
   * Makes a row, in place of the oldest of a name that has `mostOfOneName` already.
   *
   * @returns what gave way; undefined, with nothing kept, where everything of one of the names was ended after `since`
   *   (of a company's names: after `provedAt`)
   */
  create: (row: NewRow) => Promise<Row[] | undefined>
  /** Whether everything of that name was ended at this time or after it, as `create` sees it. */
  wasEnded: (name: SessionName, since: number) => Promise<boolean>
  /**
   * Replaces a row, and its names with it where they are others from now on.
   *
   * @returns false, with nothing changed, unless the row is there and is still what it was; false, and the row is gone,
   *   where everything of a name that it gets was ended a moment ago
   */
  replace: (row: Row & { newNames?: NewNames }, was: string) => Promise<boolean>
  /** Sees to it that the row is gone by then. @param time milliseconds since 1970 */
  endBy: (id: string, time: number) => Promise<void>
  /** @returns what was removed */
  remove: (id: string) => Promise<string | undefined>
  /** Removes everything of that name, rows that are being made included. @returns what was removed */
  removeByName: (name: SessionName) => Promise<Row[]>
  /**
   * Removes what goes by these names and says `startedAt` of no later than told, rows that are being made included.
   *
   * @param lifetime how long that is remembered, in milliseconds
   * @returns what was removed
   */
  removeBegunBy: (ends: readonly Ending[], lifetime: number) => Promise<Row[]>
  /** @returns what there is of that name */
  findByName: (name: SessionName) => Promise<Row[]>
  /** Takes an ID out of the index. */
  dropNames: (id: string, names: readonly SessionName[]) => Promise<void>
  /** @returns true for the first who marks it used within that time, in milliseconds */
  markUsed: (what: string, time: number) => Promise<boolean>
  /** @returns whether somebody has marked it used, and that time is not over */
  isUsed: (what: string) => Promise<boolean>
  /** Keeps a word for that time, in milliseconds. */
  note: (what: string, word: string, time: number) => Promise<void>
  /** @returns the word that was noted, if its time is not over */
  noted: (what: string) => Promise<string | undefined>
  /** @returns true when the lease is the owner's for that time, in milliseconds: anew, or still */
  lease: (what: string, owner: string, time: number) => Promise<boolean>
  /** Gives a lease back, if it is the owner's. */
  release: (what: string, owner: string) => Promise<void>
  /** Whether the place can be asked and takes writes, as far as is known without asking. */
  isReady: () => boolean
  /** Asks. @returns whether a page and a sign-in get from the place what they need; within a second */
  answers: () => Promise<boolean>
}

/** Sessions of one name that are kept at most, so that nobody can fill the place alone. */
export const mostOfOneName = 100

/** How long it is remembered that everything of a name was ended, in milliseconds: longer than any sign-in's last step. */
export const endedMarkLifetime = 5 * 60_000
