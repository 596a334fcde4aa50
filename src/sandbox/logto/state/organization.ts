/** A permission of the organization template. */
export interface OrganizationScope {
  id: string
  name: string
  description: string | null
}

/** What members of an organization are given there; a part of the template that all organizations share. */
export interface OrganizationRole {
  id: string
  name: string
  description: string | null
  type: 'User' | 'MachineToMachine'
  /** Of the template. */
  scopeIds: string[]
  /** Of API resources. */
  resourceScopeIds: string[]
  /** The sandbox's own: of whatever API resource has them, once it is there. */
  resourceScopeNames: readonly string[]
}

export interface Organization {
  id: string
  name: string
  description: string | null
  customData: Record<string, unknown>
  isMfaRequired: boolean
  color: Record<string, unknown>
  branding: Record<string, unknown>
  customCss: string | null
  createdAt: number
  /** Just-in-time provisioning: who comes through one of these connectors for the first time joins, in these roles. */
  jit: {
    ssoConnectorIds: string[]
    /** For who comes without a connector and with a verified email, which is nobody in the sandbox. */
    emailDomains: string[]
    roleIds: string[]
  }
}

/** Of a person, in one organization. */
export interface Membership {
  id: string
  roleIds: string[]
}
