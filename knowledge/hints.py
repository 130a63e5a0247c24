"""The table of hints: words that speak for a category. Written as in `floors.py`.

The weights: 3 names the thing itself, 2 belongs to it, 1 is often near it.
"""

HINTS: dict[str, dict[int, str]] = {
    "database": {
        3: r"""
            database, databases, postgres(ql)?, mysql, mariadb, oracle db, sql server, mongo(db)?, cassandra,
            pgbouncer, deadlocks?, replication, replica, redis, elasticsearch, dynamodb, tablespace, primary key,
            foreign key, autovacuum, rds, aurora, innodb,
            duplicate key, unique constraint, seq(uential)? scan, ora-\d{3,5}, write-ahead log, vacuum
        """,
        2: r"""
            \w{0,20}sql, query, queries, schema, migration, transactions? (locks?|waits?|rolled), index(es)?,
            db[-\d]{0,6},
            select, insert, constraints?, connection slots, too many clients, slow query log
        """,
        1: r"""
            tables?, rows?, connection pool, failover, replicas, commit, read-only transaction
        """,
    },
    "network": {
        3: r"""
            networks?, dns, packet loss, bgp, vpn, routers?, routing, firewall, subnet, vlan, nat gateway, load
            ?balancer, wi-?fi, wan, traceroute, nxdomain, mtu, ipsec, peering, switch port, uplink, fibre, fiber
        """,
        2: r"""
            latency, ping, connectivity, unreachable, no route to host, connection reset, link flap\w{0,4}, dhcp,
            proxy, haproxy, ingress, cdn, bandwidth, jitter, tls handshake, resolve[sd]?, name resolution
        """,
        1: r"""
            connection refused, connect, hosts?, time ?outs?, port, gateway, office, datacent(er|re), region, slow
        """,
    },
    "application": {
        3: r"""
            null ?pointer\w{0,9}, stack ?trace, traceback, exceptions?, application, regression, release, bug,
            front-?end, back-?end, feature flag, rollback, roll(ed)? back, unhandled, undefined is not, typeerror,
            memory leak
        """,
        2: r"""
            50[0-4]s?, 5xx, deploy(ed|ment|ments|s)?, checkout, cart, buttons?, page, web ?app, mobile app, app,
            api, endpoint, microservice, renders?, crash(ed|es|ing)?, worker, queue, jobs?, cron, search
            results
        """,
        1: r"""
            errors?, version, website, site, form, screen, login page, cache, slow, timezone, wrong, typo
        """,
    },
    "infrastructure": {
        3: r"""
            kubernetes, k8s, pods?, node ?pool, nodes?, kubelet, etcd, cpu, oom[- ]?kill\w{0,4}, out of memory,
            autoscal\w{1,6}, hypervisor, virtual machines?, vms?, containers?, docker, terraform, ansible, helm,
            crashloop\w{0,7}, evicted, systemd, kernel, ntp, infra\w{0,11}
        """,
        2: r"""
            servers?, instances?, ec2, memory, load average, reboot(ed|s)?, power, ups, rack, hardware, fans?,
            overheat\w{1,4}, cluster, jenkins, ci, pipelines?, runners?, build agents?, monitoring, prometheus,
            clock, swap, capacity, availability zone, image pull\w{0,4}
        """,
        1: r"""
            hosts?, machines?, region, restart(ed|s|ing)?, scal\w{1,4}, unresponsive, load, temperature
        """,
    },
    "storage": {
        3: r"""
            disk, disks, disc, no space left, storage, s3, buckets?, nfs, san, nas, raid, volumes?, filesystem, file
            system, inodes?, iops, backups?, snapshots?, ceph, ebs, smart errors?, enospc, blob, lun, persistent
            volume, pvc, read-only file ?system
        """,
        2: r"""
            file ?server, file share, shared drive, quota, restore, mount(ed|s|ing)?, uploads?, partition, tape, log
            rotation, archive, var/log
        """,
        1: r"""
            full, files?, attachments?, capacity, ssd, drive, drives, gb, tb, folder
        """,
    },
    "security": {
        3: r"""
            security, breach(ed)?, phish(ing|ed)?, malware, ransomware, ddos, vulnerabilit(y|ies), cve,
            exploit\w{0,3}, attackers?, attack, hacked, compromised, leaked, exfiltrat\w{0,6}, intrusion, sql
            injection, xss, brute[- ]?force, credential stuffing, backdoor, cryptominer, antivirus,
            malicious, trojan, virus, scam, fraud, pastebin, public repository, cryptomining, mining pool, data leak
        """,
        2: r"""
            suspicious, certificates?, expired certificate, tls certificate, ssl, secrets?, waf, unauthori[sz]ed,
            stolen, exposed, spoof\w{1,3}, spam, bots?, scanner, leak,
            fake, strange, impersonat\w{1,4}, outbound traffic
        """,
        1: r"""
            tokens?, keys?, credentials?, public, unknown, login attempts, alert
        """,
    },
    "access": {
        3: r"""
            access, permissions?, permission denied, log ?in, sign ?in, logged out, sso, saml, okta, ldap, active
            directory, mfa, 2fa, passwords?, locked out, account locked, oauth, onboarding, offboarding, roles?,
            forbidden, 403, 401, two-factor, authenticat\w{1,5}, single sign-on
        """,
        2: r"""
            accounts?, log in, sign in, credentials?, denied, unauthori[sz]ed, session expired, group membership,
            invite, rights, badge, admin, reset my
        """,
        1: r"""
            user, tokens?, privileges?, new (joiner|starter|hire), vpn
        """,
    },
    "third-party": {
        3: r"""
            third[- ]party, vendors?, stripe, paypal, adyen, twilio, sendgrid, mailgun, auth0, cloudflare, github,
            gitlab\.com, slack is down, salesforce, zendesk, google maps, openai, datadog, supplier, braintree,
            fastly, akamai, npm registry, docker hub, status ?page, payment (provider|processor|gateway)
        """,
        2: r"""
            providers?, partner, external api, upstream, saas, carrier, webhooks?, their (api|side|end|status), aws,
            azure, gcp, google cloud, rate[- ]limit\w{0,3},
            bank, bureau, courier, shipping partner, subscription, their (service|system|platform|support)
        """,
        1: r"""
            external, integration, api key, sms, e-?mails?, quota
        """,
    },
    "other": {
        2: r"""
            printers?, coffee, meeting room, air ?con(ditioning)?, parking, desk, chair, monitor arm, projector,
            headset, keyboard, mouse, stationery, lunch,
            elevator, lift, kitchen, beamer, holidays?, canteen, toilet, light bulb, parcel, reception, furniture,
            where (do|can) (i|we) find
        """,
        1: r"""
            question, how do i, wondering, documentation, wiki, training, licen[cs]es?, feature request, spelling
        """,
    },
}
