/** How each node is asked directly, without the load balancer. */
export enum NodeProtocol {
  /** The nodes listen on plain HTTP and the load balancer ends TLS (the usual set-up). */
  HTTP = 'http',

  /** The nodes listen on TLS themselves. Give `caCertificate` when their certificates come from a private authority. */
  HTTPS = 'https',
}
