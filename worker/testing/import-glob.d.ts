/** Every file of a pattern at once, as vitest's bundler imports them. */
interface ImportMeta {
  glob<Module>(pattern: string, options: { eager: true; query?: string; import?: string }): Record<string, Module>
}
