/** Version of the interface's contract, shown by /health and the OpenAPI document. */
export const VERSION = '0.1.0';
