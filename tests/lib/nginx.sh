# A private nginx in front of docket's sockets, with the very file that is installed. Sourced.

# nginx_start DIR PORT SOCKETS BLOBS WEB: pid in nginx_pid, logs in DIR. Tests ask faster than people: its limits hold
# only with NGINX_LIMITS=yes.
nginx_start() {
	local d=$1 user= rate='s|rate=[0-9]*r/s|rate=100000r/s|'
	mkdir -p "$d/tmp"
	cp /etc/nginx/fastcgi_params "$d/"
	[ "$(id -u)" != 0 ] || user="user root;"
	sed -e "s|/run/docket/|$3/|; s|/var/lib/docket/blobs/|$4/|; s|/usr/share/docket/web|$5|; s|/var/log/nginx/|$d/|" \
		"$TOP/nginx/docket.conf" >"$d/docket.conf"
	[ -z "${NGINX_LIMITS:-}" ] || rate=
	sed -e "$rate" "$TOP/nginx/docket-http.conf" >"$d/docket-http.conf"
	cat >"$d/nginx.conf" <<-CONF
		daemon off;
		$user
		pid $d/nginx.pid;
		error_log $d/error.log;
		worker_processes 1;
		events { worker_connections 4096; }
		http {
			include /etc/nginx/mime.types;
			access_log off;
			include $d/docket-http.conf;
			client_body_temp_path $d/tmp/body;
			fastcgi_temp_path $d/tmp/fastcgi;
			proxy_temp_path $d/tmp/proxy;
			scgi_temp_path $d/tmp/scgi;
			uwsgi_temp_path $d/tmp/uwsgi;
			server {
				listen 127.0.0.1:$2;
				include $d/docket.conf;
			}
		}
	CONF
	nginx -t -e "$d/error.log" -c "$d/nginx.conf" 2>"$d/said" || { cat "$d/said" >&2; return 1; }
	nginx -e "$d/error.log" -c "$d/nginx.conf" 2>>"$d/said" &
	nginx_pid=$!
}
