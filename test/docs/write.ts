import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/readmes.ts'
import { generated } from './generated.ts'

/** Writes what is made from the list of settings: `npm run docs`. */
for (const [file, text] of Object.entries(generated())) writeFileSync(join(root, file), text)
