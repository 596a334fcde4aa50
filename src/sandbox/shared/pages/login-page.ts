import type { Account } from '../../company.ts'

/** The accounts of the sandbox, for everybody to sign in with. */
export interface Directory {
  accounts: readonly Account[]
  /** Of each of them. */
  password: string
}

/** What the sign-in form of a company's provider is filled in with, and where it leads. */
export interface LoginForm {
  action: string
  username: string
  /** The account somebody has chosen beside the form, if any: what is none is left out of account. */
  chosen?: string
  /** What was wrong the last time: a key of the words. */
  problem?: string
  uiLocales?: unknown
}

/** What the page shows: the form, and beside it the accounts, each a link to the same form filled in. */
export function loginPage(
  directory: Directory,
  { action, username, chosen, problem = '', uiLocales }: LoginForm,
) {
  const account = directory.accounts.find(({ email }) => email === chosen)
  const chooser = (email: string) => {
    const [path = '', query = ''] = action.split('?')
    const search = new URLSearchParams(query)
    search.set('account', email)
    return `${path}?${search}`
  }
  return {
    title: 'login.title',
    action,
    problem,
    uiLocales,
    username: account?.email ?? username,
    password: account ? directory.password : '',
    help: {
      password: directory.password,
      filled: account?.email,
      accounts: directory.accounts.map((each) => ({ ...each, href: chooser(each.email) })),
    },
  }
}
