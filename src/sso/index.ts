/** The package's door: what a host takes. Nothing else leaves this folder. */
export type { AuditEvent } from '../audit/events.ts'
export { filePlace, type Place } from '../companies/index.ts'
export { type Config, type EnterpriseConnector, loadConfig } from '../settings/config.ts'
export { settingHints } from '../settings/hints.ts'
export { ConfigError, type Environment } from '../settings/parse.ts'
export type { Catalogue, Words } from '../words/words.ts'
export type { Account, Company } from './account/account.ts'
export type { Hooks } from './hooks.ts'
export { AppError } from './http/app-error.ts'
export { describeError } from './http/describe-error.ts'
export type { Logger } from './http/logger.ts'
export { allowMethods } from './http/request/allow-methods.ts'
export type {
  Links,
  OwnSession,
  OwnSessions,
  SignedOut,
  SingleSignOn,
  UnfinishedSignIn,
} from './interface.ts'
export type { Claims } from './logto/verify/id-token.ts'
export type { Options } from './options.ts'
export { type Access, type AccessOptions, newReference } from './request.ts'
export { singleSignOn } from './single-sign-on.ts'
export { viewEngine } from './views/templates.ts'
export type { ErrorPage, Looks, PageLocals } from './views/views.ts'
export type { OwnWords } from './views/words.ts'
