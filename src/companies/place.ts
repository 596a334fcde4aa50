/** What a place holds of one kind: texts by ID, and a word that is another one after each change. */
export interface Texts {
  /** Undefined where nothing of that kind was ever written. */
  readonly version: string | undefined
  readonly texts: ReadonlyMap<string, string>
}

/** A change of a kind's texts, all of it or nothing. */
export interface TextChanges {
  /** The version from now on. */
  readonly version: string
  readonly put: ReadonlyMap<string, string>
  readonly dropped: readonly string[]
}

/** Where records are kept. Every method raises whatever keeps the place from answering. */
export interface Place {
  /** The place as people may read it; without a password. */
  readonly name: string
  /** Whether it may lose what it holds without anybody's doing. */
  readonly mayForget: boolean
  /** The version alone, for whoever looks often. */
  version: (kind: string) => Promise<string | undefined>
  read: (kind: string) => Promise<Texts>
  /** @returns false, with nothing changed, where the version is not `was` any more */
  write: (kind: string, was: string | undefined, changes: TextChanges) => Promise<boolean>
  /** Leaves the place, if it was opened for this alone. */
  close: () => Promise<void>
}
