declare module 'asl-validator' {
  /** The package brings no types; this is the part in use. */
  function validate(definition: unknown): { readonly isValid: boolean; readonly errorsText: (separator?: string) => string };
  export = validate;
}
