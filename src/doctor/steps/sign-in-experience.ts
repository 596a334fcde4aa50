import { z } from 'zod'
import { visibleIn } from '../../settings/visible.ts'
import type { Examination } from '../examination.ts'

const SignInExperience = z.object({
  tenantId: z.string().optional(),
  signInMode: z.string().optional(),
  singleSignOnEnabled: z.boolean(),
  ssoConnectors: z.array(
    z.object({ id: z.string().regex(/^[\w-]{1,128}$/), connectorName: z.string().default('') }),
  ),
})
export type SignInExperience = z.output<typeof SignInExperience>

/** The public sign-in experience, if the answer is one. */
export const signInExperience = (on: Examination) =>
  on.once(signInExperience, async () => {
    const asked = await on.ask(signInExperienceUrl(on))
    const read = 'fault' in asked ? undefined : SignInExperience.safeParse(asked.json).data
    return { asked, experience: 'fault' in asked || asked.status !== 200 ? undefined : visibleIn(read) }
  })

export const signInExperienceUrl = (on: Examination) =>
  `${on.config.logto.endpoint}/api/.well-known/sign-in-exp`
