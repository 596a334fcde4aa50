/** A permission of this app as an API resource in Logto: a scope in a token. */
export interface Permission {
  name: string
  /** As the Logto console shows it. */
  description: string
}

export const READ_NOTES = 'read:notes'

/** Every permission that a guard asks for; provision makes them. */
export const permissions: readonly Permission[] = [{ name: READ_NOTES, description: 'Read notes' }]
