import type { Request, RequestHandler } from 'express'
import { AppError, type SingleSignOn } from '../../sso/index.ts'
import { claimRows } from './claim-rows.ts'
import { allow } from './content-policy.ts'
import { membershipsIn } from './organization-list.ts'

/** `GET /organizations`, behind `requireSignIn`: where the person is a member, and in which roles. */
export function organizations(sso: SingleSignOn): RequestHandler {
  return async (req, res) => {
    res.render('organizations', await membershipsOf(req, sso))
  }
}

/**
 * `POST /organizations`, behind `requireSignIn` and `requireSameOrigin`: the same, with the claims of the organization
 * token for the one that the form names.
 */
export function organizationClaims(sso: SingleSignOn): RequestHandler {
  return async (req, res) => {
    const id = String(req.body?.organization ?? '')
    const { memberships } = await membershipsOf(req, sso)
    // Whoever is no member is not told whether there is such an organization.
    if (!memberships.some((membership) => membership.id === id)) {
      throw new AppError({ status: 404, code: 'no_such_organization' })
    }
    const rows = claimRows({ token: await sso.organizationClaims(req, id) })
    allow(res, 'script-src', "'self'")
    res.render('organizations', {
      ...(await membershipsOf(req, sso)),
      token: { id, rows },
      here: '/organizations',
    })
  }
}

async function membershipsOf(req: Request, sso: SingleSignOn) {
  const claims = sso.personOf(req)
  const info = await sso.userInfo(req)
  const company = sso.companyOf(req)
  return { memberships: membershipsIn(claims ?? {}, info), company, answered: info !== undefined }
}
