/** A permission of an API resource, which is a scope in a token. */
export interface Permission {
  id: string
  name: string
  description: string | null
  createdAt: number
}

/** An API that access tokens can be asked for. */
export interface ApiResource {
  id: string
  name: string
  /** Its identifier: the `resource` of a request and the `aud` of a token (RFC 8707). */
  indicator: string
  isDefault: boolean
  /** Seconds, as Logto shows it; how long tokens are good for is the control room's to say. */
  accessTokenTtl: number
  scopes: Permission[]
}

/** What people, or machines, are given in the tenant. */
export interface Role {
  id: string
  name: string
  description: string
  type: 'User' | 'MachineToMachine'
  /** Whether everybody who is new has it. */
  isDefault: boolean
  /** The permissions of API resources it opens, by their IDs. */
  scopeIds: string[]
}
