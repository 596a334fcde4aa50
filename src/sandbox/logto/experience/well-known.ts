import { availableConnectors } from '../connector/connectors.ts'
import type { Tenant } from '../state/state.ts'

/** Shown for a connector without branding of its own. */
export const LOGO = `data:image/svg+xml;base64,${Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8" fill="none" stroke="#191919" stroke-width="6"/></svg>',
).toString('base64')}`

/** The sign-in experience as the Management API shows it. */
export function signInExperienceOf({ id: tenantId, signInExperience }: Tenant): Record<string, unknown> {
  return { tenantId, ...DEFAULTS, ...MANAGEMENT_ONLY, ...signInExperience }
}

/** The public sign-in experience: what anybody may know of how people sign in to this tenant. */
export function publicSignInExperienceOf(tenant: Tenant): Record<string, unknown> {
  const shown = Object.entries({ ...DEFAULTS, ...tenant.signInExperience })
  return {
    tenantId: tenant.id,
    ...Object.fromEntries(shown.filter(([name]) => !Object.hasOwn(MANAGEMENT_ONLY, name))),
    ...PUBLIC_ONLY,
    ssoConnectors: availableConnectors(tenant).map(({ id, providerName, branding }) => ({
      id,
      connectorName: branding.displayName ?? providerName,
      logo: branding.logo ?? LOGO,
      darkLogo: branding.darkLogo ?? LOGO,
    })),
  }
}

/** How a tenant begins. */
const DEFAULTS = {
  id: 'default',
  color: { primaryColor: '#6139F6', isDarkModeEnabled: false, darkPrimaryColor: '#8768F8' },
  branding: { logoUrl: 'https://logto.io/logo.svg', darkLogoUrl: 'https://logto.io/logo-dark.svg' },
  hideLogtoBranding: false,
  languageInfo: { autoDetect: true, fallbackLanguage: 'en' },
  termsOfUseUrl: null,
  privacyPolicyUrl: null,
  agreeToTermsPolicy: 'Automatic',
  signIn: {
    methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
  },
  signUp: { identifiers: ['username'], password: true, verify: false },
  socialSignIn: {},
  socialSignInConnectorTargets: [],
  customCss: null,
  customContent: {},
  customUiAssets: null,
  customUiCsp: {},
  passwordPolicy: {},
  mfa: { factors: [], policy: 'UserControlled' },
  adaptiveMfa: {},
  supportEmail: null,
  supportWebsiteUrl: null,
  unknownSessionRedirectUrl: null,
  captchaPolicy: {},
  sentinelPolicy: {},
  verificationCodePolicy: {},
  passkeySignIn: {},
  signUpProfileFields: null,
  passwordExpiration: {},
  usernamePolicy: {
    caseSensitive: true,
    minLength: 1,
    maxLength: 128,
    allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
  },
}

const MANAGEMENT_ONLY = { emailBlocklistPolicy: {}, forgotPasswordMethods: null }

const PUBLIC_ONLY = {
  socialConnectors: [],
  forgotPassword: { phone: false, email: false },
  isDevelopmentTenant: false,
  customProfileFields: [],
  customProfileFieldCatalog: [],
}
