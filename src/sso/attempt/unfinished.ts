import type { Request } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import type { UnfinishedSignIn } from '../interface.ts'
import { signInAgain } from '../links/beginning.ts'
import { companySignOut } from '../links/company-sign-out.ts'
import type { SignInAttempts } from './attempts.ts'

/** Finds the sign-in at a company that a browser has begun last and not finished, with the ways on. */
export function unfinishedSignIn(config: AppConfig, attempts: SignInAttempts) {
  return (req: Request): UnfinishedSignIn | undefined => {
    const last = attempts.unfinished(req)
    return (
      last && {
        company: last.company.name,
        retryUrl: signInAgain(config, last.beginning).href,
        signOutUrl: companySignOut(last.company),
      }
    )
  }
}
