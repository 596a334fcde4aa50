import { z } from 'zod'
import { faultAt, ProvisionError, phrase } from '../problem.ts'

/** Okta's own error, as its SDK raises it. */
const OktaApiError = z.object({
  status: z.number(),
  errorCode: z.string(),
  errorSummary: z.string().default(''),
  errorCauses: z.array(z.object({ errorSummary: z.string() })).nullish(),
})

/** Any other answer, as its SDK raises it. */
const Status = z.object({ status: z.number() }).transform(({ status }) => status)

/**
 * What Okta's Management API refused, in words that say what to do.
 *
 * @param error whatever the SDK raised
 * @returns a ProvisionError; what the SDK cannot make sense of is no answer of Okta's
 */
export function refusedByOkta(access: { orgUrl: string }, error: unknown): ProvisionError {
  if (error instanceof ProvisionError) return error
  const apiError = OktaApiError.safeParse(error)
  if (!apiError.success) {
    const { data: status = 0 } = Status.safeParse(error)
    return status >= 500 ? faultAt(access.orgUrl, status) : unreadable(access)
  }
  const { status, errorCode, errorSummary, errorCauses } = apiError.data
  switch (errorCode) {
    case 'E0000011':
      return tokenRefused(access)
    case 'E0000006':
      return new ProvisionError(
        phrase`Okta refuses: the admin whose API token this is may not manage apps and their groups.`,
        phrase`Create the token as an admin with the role Application Administrator (or above) and sight of the group.`,
      )
    default: {
      const all = [errorSummary, ...(errorCauses ?? []).map((cause) => cause.errorSummary)]
      const said = all.map((text) => text.replace(/\.$/, '')).join('; ')
      return new ProvisionError(
        phrase`Okta refuses (${status} ${errorCode}): ${said}.`,
        phrase`Look the code up in the documentation of Okta, or do this step in the Okta admin console and run provision again.`,
      )
    }
  }
}

/** Whether Okta says so, or it could not even be sent. */
export const tokenRefused = ({ orgUrl }: { orgUrl: string }) =>
  new ProvisionError(
    phrase`Okta refuses the API token for ${orgUrl}.`,
    phrase`Okta admin console → Security → API → Tokens → Create token; copy it into OKTA_API_TOKEN. A token unused for 30 days has run out.`,
  )

/** An answer that no Okta gives. */
export const unreadable = ({ orgUrl }: { orgUrl: string }) =>
  new ProvisionError(
    phrase`The answer of ${orgUrl} is not that of Okta's Management API.`,
    phrase`Set OKTA_ORG_URL to the org's address, such as https://company.okta.com: without -admin, and without a path.`,
  )
