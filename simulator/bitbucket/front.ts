import { page } from './http';
import type { HttpAnswer, HttpRequest } from './http';
import { answer } from './rest';
import type { RestContext } from './rest';

/** How requests reach the nodes. */
export interface FrontOptions extends RestContext {
  /** Host of the base URL: the load balancer answers there. */
  readonly host: string;
  /** The instance that the load balancer sends the next request to. */
  readonly route: () => string | undefined;
}

/**
 * Bitbucket on the network: the base URL through the load balancer, and each node at its own address.
 * The load balancer answers 503 without a target and 502 when the target refuses the connection
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
 */
export class BitbucketFront {
  readonly #options: FrontOptions;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** Whether a request to this host and port is Bitbucket's: the base URL's host, or a private address that a node has or had. */
  owns(hostname: string): boolean {
    return hostname === this.#options.host || this.#options.cluster.nodes.some((node) => node.instance.privateIp === hostname);
  }

  /** The answer, or undefined when the connection is refused. */
  handle(request: HttpRequest): HttpAnswer | undefined {
    const { cluster, host } = this.#options;
    const { hostname, port } = request.url;
    if (hostname !== host) {
      const node = cluster.at(hostname, Number(port));
      return node && answer(this.#options, node, request);
    }
    const target = this.#options.route();
    if (target === undefined) return page(503, 'Service Temporarily Unavailable');
    const node = cluster.node(target);
    if (node === undefined || cluster.at(node.instance.privateIp, this.#options.httpPort) === undefined) return page(502, 'Bad Gateway');
    return answer(this.#options, node, request);
  }
}
