/** What a host's own tests use: `import { signInAs, testSingleSignOn } from 'express-logto-sso/testing'`. */
export { FakeLogto } from './fake-logto.ts'
export { type Agent, type Person, signInAs } from './sign-in-as.ts'
export { type TestSingleSignOn, testSingleSignOn } from './test-single-sign-on.ts'
