/**
 * Loaded first into every process that the tests start: it ends when the test's process does, however that ended.
 */
import process from 'node:process'

process.once('disconnect', () => process.exit(1))
