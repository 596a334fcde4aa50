import { FORGERIES, isForgery } from '../../logto/oidc/forgeries.ts'
import type { LogoutTarget } from '../../logto/oidc/logout-token.ts'
import { findApplication } from '../../logto/state/applications.ts'
import { findUser, nameOf } from '../../logto/state/users.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import type { ControlRoomParts, Section } from '../section.ts'

/** Logto's sessions that somebody is signed in with, one line for each application in it. */
export const sessions: Section = {
  id: 'sessions',
  count: (parts) => sessionsOf(parts).length,
  locals: (parts) => ({ sessions: sessionsOf(parts), forgeries: Object.keys(FORGERIES) }),
  actions: {
    'end-session': ({ control }, form) => control.endSession(textOf(form, 'uid'), 'all'),
    logout({ control }, form) {
      const how = textOf(form, 'how')
      return control.backchannelLogout(targetOf(form), {
        forged: isForgery(how) ? how : undefined,
        replay: how === 'replay',
      })
    },
  },
}

function sessionsOf({ control, tenant }: ControlRoomParts) {
  return control.sessions().flatMap(({ uid, userId, signedInAt, applications }) => {
    const person = nameOf(findUser(tenant, userId))
    return applications.map(({ appId, sid }) => {
      const application = findApplication(tenant, appId)
      return {
        ...{ uid, userId, sid, person },
        application: application?.name ?? appId,
        namesSession: application?.oidcClientMetadata.backchannelLogoutSessionRequired ?? false,
        since: new Date(signedInAt),
      }
    })
  })
}

/** @throws when the form names nobody */
function targetOf(form: unknown): LogoutTarget {
  const sub = textOf(form, 'sub')
  const sid = textOf(form, 'sid')
  if (sid) return { sid, ...(sub && { sub }) }
  if (sub) return { sub }
  throw new Error('The form names neither a person nor a session.')
}
