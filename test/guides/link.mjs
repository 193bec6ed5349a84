/**
 * Puts the built package where the guides import it from. (As a dependency in package.json, npm would install all of this project.)
 */
import { existsSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'

const link = join(import.meta.dirname, 'node_modules/jwt-gate')
if (!existsSync(link)) symlinkSync(resolve(import.meta.dirname, '../..'), link)
