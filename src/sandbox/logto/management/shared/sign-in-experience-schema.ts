import { z } from 'zod'

const Color = z.string().regex(/^#[\da-f]{3}([\da-f]{3})?$/i)
const Urls = z.array(z.string())
/** What a tenant may leave empty, in either of two ways. */
const orNone = <T extends z.ZodType>(value: T) => value.or(z.literal('')).nullable()
const Link = orNone(z.url())
const Identifier = z.enum(['username', 'email', 'phone'])
const Switch = z.object({ enabled: z.boolean() }).partial()

/** The settings that Logto looks at, of which the sandbox acts on the first three and keeps the others. */
export const SignInExperiencePatch = z
  .object({
    singleSignOnEnabled: z.boolean(),
    signInMode: z.enum(['SignIn', 'Register', 'SignInAndRegister']),
    unknownSessionRedirectUrl: Link,

    color: z.object({ primaryColor: Color, isDarkModeEnabled: z.boolean(), darkPrimaryColor: Color }),
    branding: z
      .object({ logoUrl: z.url(), darkLogoUrl: z.url(), favicon: z.url(), darkFavicon: z.url() })
      .partial(),
    hideLogtoBranding: z.boolean(),
    languageInfo: z.object({ autoDetect: z.boolean(), fallbackLanguage: z.string().min(2) }),
    termsOfUseUrl: Link,
    privacyPolicyUrl: Link,
    agreeToTermsPolicy: z.enum(['Automatic', 'ManualRegistrationOnly', 'Manual']),
    supportEmail: orNone(z.email()),
    supportWebsiteUrl: Link,
    customCss: z.string().nullable(),
    customContent: z.record(z.string(), z.string()),
    customUiAssets: z.object({ id: z.string(), createdAt: z.number() }).nullable(),
    customUiCsp: z.object({ scriptSrc: Urls, connectSrc: Urls }).partial(),

    signIn: z.object({
      methods: z.array(
        z.object({
          identifier: Identifier,
          password: z.boolean(),
          verificationCode: z.boolean(),
          isPasswordPrimary: z.boolean(),
        }),
      ),
    }),
    signUp: z.object({
      identifiers: z.array(Identifier),
      password: z.boolean(),
      verify: z.boolean(),
      secondaryIdentifiers: z
        .array(z.object({ identifier: z.string(), verify: z.boolean().exactOptional() }))
        .exactOptional(),
    }),
    signUpProfileFields: z.array(z.object({ name: z.string() })).nullable(),
    socialSignIn: z
      .object({ automaticAccountLinking: z.boolean(), skipRequiredIdentifiers: z.boolean() })
      .partial(),
    socialSignInConnectorTargets: z.array(z.string()),
    passkeySignIn: Switch.extend({ showPasskeyButton: z.boolean(), allowAutofill: z.boolean() }).partial(),
    forgotPasswordMethods: z.array(z.enum(['EmailVerificationCode', 'PhoneVerificationCode'])).nullable(),

    usernamePolicy: z.looseObject({}),
    passwordPolicy: z
      .object({
        length: z.object({ min: z.number().default(8), max: z.number().default(256) }),
        characterTypes: z.object({ min: z.number().default(1) }),
        rejects: z.object({
          pwned: z.boolean().default(true),
          repetitionAndSequence: z.boolean().default(true),
          userInfo: z.boolean().default(true),
          words: z.array(z.string()).default([]),
        }),
      })
      .partial(),
    passwordExpiration: Switch.extend({ validPeriodDays: z.number() }).partial(),
    mfa: z.object({
      factors: z.array(
        z.enum(['Totp', 'WebAuthn', 'BackupCode', 'EmailVerificationCode', 'PhoneVerificationCode']),
      ),
      policy: z.enum([
        'UserControlled',
        'Mandatory',
        'PromptOnlyAtSignIn',
        'PromptAtSignInAndSignUp',
        'NoPrompt',
        'PromptAtSignInAndSignUpMandatory',
        'PromptOnlyAtSignInMandatory',
      ]),
      organizationRequiredMfaPolicy: z.enum(['NoPrompt', 'Mandatory']).exactOptional(),
    }),
    adaptiveMfa: Switch,
    captchaPolicy: Switch,
    sentinelPolicy: z.object({ maxAttempts: z.number(), lockoutDuration: z.number() }).partial(),
    verificationCodePolicy: z
      .object({ expirationDuration: z.number(), maxRetryAttempts: z.number() })
      .partial(),
    emailBlocklistPolicy: z
      .object({
        blockDisposableAddresses: z.boolean(),
        blockSubaddressing: z.boolean(),
        customAllowlist: z.array(z.string()),
        customBlocklist: z.array(z.string()),
      })
      .partial(),
  })
  .partial()
