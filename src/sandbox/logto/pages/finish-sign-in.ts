import type { Request, Response } from 'express'
import { findApplication } from '../state/applications.ts'
import { userInfoOf } from '../state/people.ts'
import type { User } from '../state/state.ts'
import { touchSignIn } from '../state/users.ts'
import { deliver } from '../webhooks.ts'
import type { LogtoContext } from './context.ts'
import type { Interaction } from './interactions.ts'

/** Somebody to sign in, and what the sign-in did to their account; of its time alone Logto does not tell. */
export interface Identified {
  user: User
  change?: 'User.Created' | 'User.Data.Updated'
}

/** Signs the person in, tells the hooks, and sends the browser back into the authorization request. */
export async function finishSignIn(
  context: LogtoContext,
  req: Request,
  res: Response,
  interaction: Interaction,
  { user, change }: Identified,
): Promise<void> {
  const created = userInfoOf(user)
  touchSignIn(user)
  const signedIn = userInfoOf(user)
  const isNew = change === 'User.Created'
  const application = findApplication(context.tenant, String(interaction.params.client_id))
  const { id: applicationId, type, name, description } = application ?? {}
  const during = {
    interactionEvent: isNew ? 'Register' : 'SignIn',
    userAgent: req.get('user-agent'),
    sessionId: interaction.uid,
    ...(application && { application: { id: applicationId, type, name, description } }),
  }
  // Not waited for: Logto tells its hooks after it has answered.
  if (change) {
    const data = isNew ? created : signedIn
    void deliver(context, change, user.id, { ...during, applicationId, ip: req.ip, data })
  }
  const outcome = { ...during, userId: user.id, userIp: req.ip, user: signedIn }
  void deliver(context, isNew ? 'PostRegister' : 'PostSignIn', user.id, outcome)
  await context.interactions.finish(res, interaction, { login: { accountId: user.id } })
}
