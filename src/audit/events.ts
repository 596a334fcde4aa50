import { z } from 'zod'

/**
 * The version of the audit lines, which each of them has. A new event, a new field and a new word of `by`, `why` or
 * `outcome` keep it. It is raised where a field goes away, or where it means or holds something else.
 */
export const auditVersion = 1

/** What each line has beside its event. The last six are pino's; another logger has its own in their place. */
const around = {
  version: z.literal(auditVersion).describe('the version of the line'),
  reference: z
    .string()
    .regex(/^[0-9a-f]{10}$/)
    .describe('the request’s, which error pages show'),
  address: z
    .string()
    .exactOptional()
    .describe('the visitor’s IP address; absent once the connection is gone'),
  msg: z.literal('audit').describe('what the line is'),
  time: z.number().int().describe('milliseconds since 1970'),
  level: z.literal(30).describe('pino’s `info`'),
  pid: z.number().int().exactOptional().describe('the process'),
  hostname: z.string().exactOptional().describe('the machine'),
  name: z.string().exactOptional().describe('the logger’s, where the host has given it one'),
}

/** A line by its event's name, with the fields that are its own. */
const line = <Name extends string, Fields extends z.ZodRawShape>(name: Name, fields: Fields) =>
  z.strictObject({ audit: z.literal(name), ...fields, ...around })

/** What the code says of a line; the rest comes by itself. */
type EventOf<Line> = Line extends unknown ? Omit<Line, keyof typeof around> : never

/** A word of ours. Text that came from outside is no such word, but by chance. */
const word = z.string().regex(/^[a-z][a-z0-9_]*$/)

const sub = z.string().describe('the person, as Logto names them')
/** In the code it is the session's ID, which never reaches a line. */
const session = z
  .string()
  .regex(/^[0-9a-f]{12}$/)
  .describe('the session: a hash of its ID, which opens nothing')

/** Where an account has an identity of one company and an address of another. */
const twoCompanies = {
  identityOf: z
    .string()
    .exactOptional()
    .describe('the company whose identity the account has, or the issuer of one that the app does not know'),
  domainOf: z
    .string()
    .exactOptional()
    .describe('the company whose domain the address is of, or the domain where no company here has it'),
}

/** What ends a session, but for the person who signs out. */
const by = z
  .enum([
    'ended_by_person',
    'backchannel_logout',
    'user_suspended',
    'user_deleted',
    'refresh_refused',
    'refresh_failed',
    'another_person',
    'absolute_limit',
    'too_many_sessions',
    'foreign_identity',
    'company_removed',
    'okta_deactivated',
    'okta_suspended',
    'okta_deleted',
    'okta_session_cleared',
    'okta_app_removed',
    'universal_logout',
  ])
  .describe('what ended it')
export type EndedBy = z.output<typeof by>

const why = word.describe(
  'the code of the error: of a sign-in such as `access_denied`, `attempt_unknown`, `issuer_mismatch`, `code_refused`, `foreign_identity`; of a call that pretended to be Logto’s `logout_token_…`, `webhook_signature`, `webhook_body`; of one that pretended to be a company’s, or was not its to make, `hook_…`, `company_hook_unknown`, `revocation_…`; of an access token `access_token_…`',
)

/** What happens to somebody's access. The app writes these. */
const ofAccess = [
  line('signed_in', { sub, session }).describe('a session has begun'),
  line('signed_out', { sub, session }).describe('the person ended their session here'),
  line('ended', { by, sub, session, ...twoCompanies }).describe(
    'something else ended a session; an idle one ends without a line',
  ),
  line('refused', { why, sub: sub.exactOptional(), ...twoCompanies }).describe(
    'a sign-in did not become a session, a call ended nothing, or an access token was not taken',
  ),
] as const
export type AuditEvent = EventOf<z.output<(typeof ofAccess)[number]>>

const admin = {
  invitation: z.string().describe('the ID of the administrator’s invitation, which opens nothing'),
  company: z.string().describe('the company that is invited'),
}
const provider = z.string().describe('the identity provider that was chosen')
const connector = z.string().describe('the ID of the company’s connector at Logto')
const fields = z.array(z.string()).describe('the names of the fields at which something is wrong')
const domains = z.array(z.string()).describe('the email domains that the company has from now on')
const outcome = z
  .enum(['passed', 'another_way', 'no_email', 'foreign_email', 'foreign_account'])
  .describe('how the test sign-in ended')

/** What a company's administrator has done, or tried. The portal writes these. */
const ofPortal = [
  line('invitation_opened', { ...admin }).describe('somebody opened the link'),
  line('provider_chosen', { ...admin, provider, connector }).describe('a connector was made at Logto'),
  line('values_refused', { ...admin, connector, fields }).describe(
    'what was entered does not work; Logto did not get it',
  ),
  line('values_taken', { ...admin, connector }).describe('what was entered works; Logto has it'),
  line('test_begun', { ...admin, connector }).describe('a test sign-in through the connector began'),
  line('test_passed', { ...admin, connector, outcome, sub }).describe('the test sign-in counts'),
  line('test_refused', { ...admin, connector, outcome, sub }).describe('the test sign-in does not count'),
  line('switched_on', { ...admin, connector, domains }).describe(
    'the company’s people sign in through its provider from now on',
  ),
] as const
export type PortalEvent = EventOf<z.output<(typeof ofPortal)[number]>>

/** Every audit line, as pino writes it. */
export const auditLine = z.union([...ofAccess, ...ofPortal])
