import express, { Router } from 'express'
import { allowMethods, type Config, type SingleSignOn } from '../../sso/index.ts'
import { organizationClaims, organizations } from './organizations.ts'
import { profile } from './profile.ts'
import { sessionPages } from './sessions.ts'

/** The pages of a signed-in person, and the forms on them. */
export function personalPages(
  config: Pick<Config, 'connectors' | 'logto' | 'sessions'>,
  sso: SingleSignOn,
): Router {
  const signedIn = sso.requireSignIn
  const form = [signedIn, sso.requireSameOrigin, express.urlencoded({ extended: false, limit: 1024 })]
  const sessions = sessionPages(sso)
  return Router()
    .all('/profile', allowMethods('GET', 'HEAD'), signedIn, profile(config, sso))
    .post('/organizations', form, organizationClaims(sso))
    .all('/organizations', allowMethods('GET', 'HEAD', 'POST'), signedIn, organizations(sso))
    .all('/sessions', allowMethods('GET', 'HEAD'), signedIn, sessions.list)
    .all('/sessions/end', allowMethods('POST'), form, sessions.end)
    .all('/sessions/end-others', allowMethods('POST'), form, sessions.endOthers)
    .all('/sessions/end-everywhere', allowMethods('POST'), form, sso.signOutEverywhere)
}
