// Says in words when Node is too old to run the agent's TypeScript; plain JavaScript, which every Node reads. `npm run
// agent` runs it first. The version to judge may be given, for the test beside it.
const version = process.argv[2] ?? process.versions.node
const [major = 0, minor = 0] = version.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This is Node ${version}, and the agent needs 22.18 or newer.\n` +
      'Install it from https://nodejs.org, or leave out --omit=dev of `npm ci`: then it brings one of its own.',
  )
  process.exitCode = 1
}
