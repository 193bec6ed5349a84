/**
 * Loaded first into every process that the tests start: the process ends when the test's process ends, for whatever reason.
 */
import process from 'node:process'

process.once('disconnect', () => process.exit(1))
