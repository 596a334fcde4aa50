/** The servers of the sandbox. */
export type Brand = 'logto' | 'okta' | 'entra' | 'openid' | 'saml'

/** Whose pages there are: the folder of the views, and the look. */
export type Look = Brand | 'control-room'
