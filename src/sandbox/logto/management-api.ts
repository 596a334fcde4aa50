/** The Management API's resource indicator (RFC 8707) on every self-hosted Logto, whatever its address. */
export const MANAGEMENT_API = 'https://default.logto.app/api'

/** The one scope of the Management API. */
export const ALL = 'all'
