/** Who can help: the person's company, whoever runs the app, or an administrator of an organization. */
type Helper = 'company' | 'operator' | 'organization'

const helpers: Readonly<Record<string, Helper>> = {
  not_let_in: 'company',
  account_suspended: 'company',
  foreign_identity: 'operator',
  ended_meanwhile: 'company',
  issuer_unknown: 'company',
  company_unknown: 'company',
  not_a_member: 'organization',
  issuer_mismatch: 'operator',
  code_missing: 'operator',
  issuer_missing: 'operator',
  parameter_repeated: 'operator',
  unknown_sign_in_option: 'operator',
}

/**
 * Whom a person may ask about an error, where there is more to do than to try again.
 *
 * @param words what the error says, by its key in the catalogues
 */
export const whomToAsk = (words: string, status: number): Helper | undefined =>
  helpers[words] ?? (status >= 500 ? 'operator' : undefined)
