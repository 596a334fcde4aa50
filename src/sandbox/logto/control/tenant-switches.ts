import type { Application, Tenant } from '../state/state.ts'

/** A setting of the tenant that keeps people out. */
interface TenantSwitch {
  isOn(tenant: Tenant): boolean
  set(tenant: Tenant, on: boolean): void
}

/** Those who operate Logto come to each of these by themselves: the app and the doctor are to say which it is. */
export const TENANT_SWITCHES = {
  'expired-secret': {
    isOn: (tenant) => webApplications(tenant).some(({ secrets }) => secrets.some(hasExpired)),
    set(tenant, on) {
      for (const secret of existing(tenant).flatMap(({ secrets }) => secrets)) {
        if (on) secret.expiresAt = Date.now() - 1000
        else if (hasExpired(secret)) secret.expiresAt = null
      }
    },
  },
  'sign-in-only': {
    isOn: ({ signInExperience }) => signInExperience.signInMode === 'SignIn',
    set({ signInExperience }, on) {
      signInExperience.signInMode = on ? 'SignIn' : 'SignInAndRegister'
    },
  },
  'third-party': {
    isOn: (tenant) => webApplications(tenant).some(({ isThirdParty }) => isThirdParty),
    set(tenant, on) {
      for (const application of existing(tenant)) application.isThirdParty = on
    },
  },
} satisfies Record<string, TenantSwitch>

export type TenantSwitchName = keyof typeof TENANT_SWITCHES

export const isTenantSwitch = (name: string): name is TenantSwitchName => Object.hasOwn(TENANT_SWITCHES, name)

const hasExpired = ({ expiresAt }: Application['secrets'][number]) =>
  expiresAt !== null && expiresAt < Date.now()

/** The applications that people sign in to. */
const webApplications = ({ applications }: Tenant) =>
  applications.filter(({ type }) => type !== 'MachineToMachine')

/** @throws when there is none yet */
function existing(tenant: Tenant): Application[] {
  const applications = webApplications(tenant)
  if (applications.length === 0) throw new Error('Logto has no application yet: run provision.')
  return applications
}
