import type { Company } from '../companies/start-companies.ts'
import type { Account } from '../company.ts'
import type { Behaviour } from '../logto/control/behaviour.ts'
import type { SandboxControl } from '../logto/control/control.ts'
import type { Tenant } from '../logto/state/state.ts'
import type { Leaving } from '../okta/leaving/leave.ts'
import type { Org } from '../okta/state.ts'
import type { SecondCompany } from '../second-company.ts'
import type { CallLog } from '../shared/call-log.ts'
import type { LoginHints } from '../shared/login-hints.ts'

/** What is around Logto, as far as the control room shows it. */
export interface ControlRoomContext {
  /** All accounts at companies, and what each is there to show. */
  accounts: readonly Account[]
  okta: { url: string; org: Org; leaving: Leaving }
  companies: readonly Company[]
  secondCompany: SecondCompanyHandle
  /** To the portal that is beside the app, where there is one. */
  invitation: { current?: PortalInvitation }
  callLog: CallLog
  loginHints: LoginHints
}

/** An invitation for the administrator of a company that nobody has connected yet. */
export interface PortalInvitation {
  company: string
  link: string
  /** Where they make the application, at their Okta. */
  console: string
  administrator: string
}

/** Another company, once it is there. */
export interface SecondCompanyHandle {
  current(): SecondCompany | undefined
  /** Brings it in; a second time, it is there already. */
  start(): Promise<SecondCompany>
}

/** What the control room shows and changes. */
export interface ControlRoomParts extends ControlRoomContext {
  endpoint: string
  tenant: Tenant
  behaviour: Behaviour
  control: SandboxControl
}

/**
 * A section of the control room. One more is a file like those in `sections/`, its place in `sections.ts`, a view of its
 * name in `views/sandbox/control-room/partials/`, and its words in `views/sandbox/locales/`, below its name.
 */
export interface Section {
  /** Its anchor, and what its view and its words are called. */
  id: string
  /** Whether it is unfolded when the page is opened. */
  open?: boolean
  /** How many there are of what it lists: shown while it is folded, too. */
  count?(parts: ControlRoomParts): number
  /** What its view shows. */
  locals(parts: ControlRoomParts): Record<string, unknown>
  /** Its buttons, by the last part of their address, `/control/…`. What is thrown is shown to who pressed. */
  actions?: Record<string, (parts: ControlRoomParts, form: unknown) => unknown>
}
